/** Ids that software gives to people: of an account, of a browser, an app's installation, a cart. Compared to the letter. */
import { LIMITS } from "../limits.ts";

/** What programs send when there is no id: everybody's, and so nobody's. */
const NOBODYS: ReadonlySet<string> = new Set([
  "null",
  "(null)",
  "nil",
  "undefined",
  "none",
  "nan",
  "true",
  "false",
  "guest",
  "anonymous",
  "unknown",
  "-1",
  "n/a",
  "(not set)",
  "[object object]",
  "{}",
  "[]",
]);

/** 0, and the UUID that a phone gives out instead of its own: 00000000-0000-0000-0000-000000000000. */
const ZEROS = /^[-0]+$/;

/** Control characters and halves of characters: what was cut or read wrongly is not the id that it was. */
const BROKEN = /[\p{Cc}\p{Cs}]/u;

function idOf(raw: string): string | null {
  const id = raw.trim();
  if (id === "" || id.length > LIMITS.accountIdChars) return null;
  return NOBODYS.has(id.toLowerCase()) || ZEROS.test(id) || BROKEN.test(id) ? null : id;
}

/**
 * `realm/id`, or null where the id is nobody's or too long. Accounts of one realm mean the same person by the same id; a
 * realm has no slash, so that no id can reach into another one.
 */
export function normaliseUserId(realm: string, raw: string): string | null {
  const id = idOf(raw);
  return id === null || realm === "" || realm.includes("/") ? null : `${realm}/${id}`;
}

/** Of a browser, an installation or a cart; null where it is nobody's or too long. */
export function normaliseAnonymousId(raw: string): string | null {
  return idOf(raw);
}
