/** Contact as an associate sees it: enough to ask "is it still this one?", too little to write it down. */

const HIDDEN = "•••";

/** `ada@example.com` → `a•••@e•••.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1);
  const dot = domain.lastIndexOf(".");
  if (at < 1 || dot < 1) return HIDDEN;
  return `${first(email)}${HIDDEN}@${first(domain)}${HIDDEN}${domain.slice(dot)}`;
}

/** Its last two digits. */
export const maskPhone = (phone: string): string =>
  phone.length < 6 ? HIDDEN : `${HIDDEN}${phone.slice(-2)}`;

/** The first character, which may be two units long. */
const first = (text: string): string => Array.from(text).at(0) ?? "";
