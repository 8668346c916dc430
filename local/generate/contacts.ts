/** Numbers and addresses that are given out once, so that whoever shares one does it for a reason that is known. */
import type { Faker } from "@faker-js/faker";
import { digits, plain } from "../town/letters.ts";
import { withoutAccents } from "./name-variants.ts";

export interface Contacts {
  phone(): string;
  landline(): string;
  card(): string;
  device(): string;
  email(owner: { givenName: string; familyName: string; birthYear: number }): string;
}

/** Of no provider: these domains are kept for examples. Few have most of the customers, as in life. */
const domains = [
  { weight: 50, value: "mail.example.com" },
  { weight: 20, value: "post.example.net" },
  { weight: 15, value: "inbox.example.org" },
  { weight: 10, value: "example.com" },
  { weight: 5, value: "example.co.uk" },
];

export function createContacts(dice: Faker): Contacts {
  /** Steps without a common factor with the count reach each number once, and neighbours are not neighbours. */
  const issue = (count: number, step: number): (() => number) => {
    let at = dice.number.int(count - 1);
    return () => (at = (at + step) % count);
  };
  const [phones, landlines] = [issue(200_000_000, 76_543_217), issue(990_000, 370_661)];
  const [cards, devices] = [issue(90_000_000, 34_567_891), issue(1_000_000_007, 618_033_989)];
  const takenByLocal = new Map<string, number>();
  return {
    // 071 and 072 are given to no operator and 01632 to no place: they ring at nobody's.
    phone: () => `07${digits(100_000_000 + phones(), 9)}`,
    landline: () => `01632${digits(landlines(), 6)}`,
    card: () => `R${digits(10_000_000 + cards(), 8)}`,
    device: () => `device-${devices().toString(36).padStart(6, "0")}`,
    email: (owner) => {
      const local = drawLocalPart(dice, owner);
      const domain = dice.helpers.weightedArrayElement(domains);
      const taken = takenByLocal.get(local) ?? 0;
      takenByLocal.set(local, taken + 1);
      return `${local}${taken === 0 ? "" : `.${taken + 1}`}@${domain}`;
    },
  };
}

function drawLocalPart(
  dice: Faker,
  { givenName, familyName, birthYear }: Parameters<Contacts["email"]>[0],
): string {
  const [given, family] = [plain(withoutAccents(givenName)), plain(withoutAccents(familyName))];
  const year = String(birthYear);
  return dice.helpers.weightedArrayElement([
    { weight: 30, value: `${given}.${family}` },
    { weight: 15, value: `${given}${family}` },
    { weight: 15, value: `${given}.${family}${year.slice(2)}` },
    { weight: 12, value: `${given.charAt(0)}${family}` },
    { weight: 10, value: `${given}${year}` },
    { weight: 10, value: `${family}.${given}` },
    { weight: 8, value: `${given}_${family.charAt(0)}${year.slice(2)}` },
  ]);
}
