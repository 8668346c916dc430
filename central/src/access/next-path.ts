/** Where somebody wanted to go before they had to sign in: a path of the console, and nothing else. */

const NEXT_CHARS = 512;
/** Any origin will do that cannot be somebody's. */
const HERE = "http://console.invalid";

/** The path with its query; "/" for whatever leads elsewhere, back to signing in, or to no page. */
export function nextPathOf(asked: string | null | undefined): string {
  if (asked === null || asked === undefined || asked.length > NEXT_CHARS) return "/";
  if (!asked.startsWith("/") || !URL.canParse(asked, HERE)) return "/";
  const { origin, pathname, search } = new URL(asked, HERE);
  if (origin !== HERE || pathname.startsWith("//")) return "/";
  if (/^\/(sign-in|sign-out|v1|console|health|metrics)(\/|$)/.test(pathname)) return "/";
  return `${pathname}${search}`;
}

export function signInPathOf(next: string): string {
  const path = nextPathOf(next);
  return path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`;
}
