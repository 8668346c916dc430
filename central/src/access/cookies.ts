/** The cookies of the console. Over https their names begin with `__Host-`: no other host and no plain http can set them. */
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

export interface Cookie {
  read(c: Context): string | null;
  /** `maxAgeMs` null: until the browser is closed. */
  write(c: Context, value: string, maxAgeMs: number | null): void;
  clear(c: Context): void;
}

/** `origin` is that of the console as people type it; null where it is not set, which is plain http on this machine. */
export function createCookie(name: string, origin: string | null): Cookie {
  const isSecure = origin?.startsWith("https:") ?? false;
  const fullName = isSecure ? `__Host-${name}` : name;
  // Lax, not Strict: who comes back from the identity provider, or by a link in a message, is still signed in.
  const common = { path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure } as const;
  return {
    read: (c) => getCookie(c, fullName) ?? null,
    write: (c, value, maxAgeMs) =>
      setCookie(c, fullName, value, {
        ...common,
        ...(maxAgeMs === null ? {} : { maxAge: Math.floor(maxAgeMs / 1000) }),
      }),
    clear: (c) => void deleteCookie(c, fullName, common),
  };
}

export const sessionCookie = (origin: string | null): Cookie => createCookie("regulars", origin);
