/** How a value that is right becomes what is typed at a till: other spellings of the same, and errors. */
import type { Faker } from "@faker-js/faker";
import { double, leaveOutAfter, transpose } from "./slips.ts";

/** As it may be typed without being wrong: any reader should find the same address in it. */
export function typeEmail(dice: Faker, email: string): string {
  const spell = dice.helpers.weightedArrayElement([
    { weight: 17, value: (text: string) => text },
    { weight: 1, value: (text: string) => text.toUpperCase() },
    { weight: 1, value: (text: string) => ` ${text} ` },
    { weight: 1, value: (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}` },
  ]);
  return spell(email);
}

/** Of a national number with its leading 0. */
export function typePhone(dice: Faker, phone: string): string {
  const rest = phone.slice(1);
  return dice.helpers.arrayElement([
    phone,
    `+44${rest}`,
    `+44 (0)${rest.slice(0, 4)} ${rest.slice(4)}`,
    `${phone.slice(0, 5)} ${phone.slice(5)}`,
    `${phone.slice(0, 5)}-${phone.slice(5, 8)}-${phone.slice(8)}`,
  ]);
}

/** As somebody in a hurry writes a name. */
export function mistypeName(dice: Faker, name: string): string {
  const at = dice.number.int({ min: 0, max: Math.max(name.length - 2, 0) });
  return dice.helpers.arrayElement([
    transpose(name, at),
    leaveOutAfter(name, at),
    double(name, at),
    name.toLowerCase(),
    name.toUpperCase(),
  ]);
}

/** Some of these are no addresses any more; others are somebody else's. */
export function mistypeEmail(dice: Faker, email: string): string {
  const [local = "", domain = ""] = email.split("@");
  return dice.helpers.arrayElement([
    `${local}${domain}`,
    `${local}@${domain.replace(".", "")}`,
    `${local}@@${domain}`,
    `${mistypeName(dice, local)}@${domain}`,
  ]);
}

export function mistypePhone(dice: Faker, phone: string): string {
  const at = dice.number.int({ min: 2, max: phone.length - 1 });
  return dice.helpers.arrayElement([
    phone.slice(0, at), // never finished
    `${phone.slice(0, at)}O${phone.slice(at + 1)}`, // the letter
  ]);
}
