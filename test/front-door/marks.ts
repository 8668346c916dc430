/** Somebody whose every word can be found again, and the places where none of it may stand (SEC2). */
import { createHash } from "node:crypto";

export const MARK = "qzmark";
export const EMAIL = "qzmark.person@example.com";
export const PHONE = "+447700900871";
export const CARD = "4000056655665556";
export const USER = "qzmark-user-5571";
export const BROWSER = "qzmark-browser-8823";

export const PERSON = {
  email: EMAIL,
  phone: PHONE,
  givenName: "Qzmarkina",
  familyName: "Qzmarkson",
  address: { line1: "7 Qzmark Lane", city: "Qzmarkton", postalCode: "SW1A 1AA", country: "GB" },
};

/** Under names that nobody knows, as a key, and as a value where something else belongs. */
export const ODD = {
  [EMAIL]: EMAIL,
  qzmarkField: { [PHONE]: CARD, deep: [{ [EMAIL]: PHONE }] },
};

const digests = (value: string): string[] =>
  ["md5", "sha1", "sha256"].flatMap((algorithm) => {
    const hash = createHash(algorithm).update(value).digest();
    return [hash.toString("hex"), hash.toString("base64"), hash.toString("base64url")];
  });

const base64 = (value: string): string => Buffer.from(value).toString("base64").slice(0, 12);

/** Words, digits with anything between them, and digests that anybody could make of them. */
const PATTERNS: readonly RegExp[] = [
  new RegExp(MARK, "i"),
  ...[PHONE.slice(3), CARD].map((digits) => new RegExp(Array.from(digits).join("[ ()-]?"))),
  ...[EMAIL, PHONE, CARD, USER, BROWSER].flatMap((value) =>
    [...digests(value), base64(value)].map(
      (text) => new RegExp(text.replaceAll(/[+/=]/g, String.raw`\$&`), "i"),
    ),
  ),
];

/** Of each place where something of it stands: what, and what stands around it. */
export function foundIn(places: readonly { readonly where: string; readonly text: string }[]) {
  return places.flatMap(({ where, text }) =>
    PATTERNS.flatMap((pattern) => {
      const at = pattern.exec(text)?.index;
      return at === undefined ? [] : [{ where, around: text.slice(Math.max(0, at - 80), at + 60) }];
    }),
  );
}
