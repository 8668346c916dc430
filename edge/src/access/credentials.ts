/** What a request brings to prove who sent it. */

/**
 * The token of `Authorization: Bearer`, or the user name of `Basic`: analytics libraries send their write key as one, with
 * no password. Null where there is none of a form that anybody is given here.
 */
export function tokenIn(headers: Headers): string | null {
  const [scheme = "", value = "", ...more] = (headers.get("authorization") ?? "").split(" ");
  if (value === "" || more.length > 0) return null;
  switch (scheme.toLowerCase()) {
    case "bearer":
      return value;
    case "basic":
      return userNameOf(value);
    default:
      return null;
  }
}

function userNameOf(basic: string): string | null {
  try {
    const [name = "", ...rest] = atob(basic).split(":");
    return name !== "" && rest.join("") === "" ? name : null;
  } catch {
    return null; // not base64
  }
}
