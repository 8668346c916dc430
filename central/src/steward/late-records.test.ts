/** What arrives after a steward has decided: it joins by its own evidence, and the decision is part of what counts. */
import { customerIdOf, type IdentityKey } from "@regulars/shared/ids";
import { rowsOf, textOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RefusalEntry } from "./refusals.ts";
import { openTestApp, PERSON, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import { createTill, fragmentsOf, keyOf, START_MS, type Till } from "../testing/till.ts";

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

let minute = 0;
async function hear(till: Till, claims: object, keys: readonly IdentityKey[]): Promise<string> {
  minute += 1;
  const { fragment } = till.claim(claims, keys, START_MS + minute * 60_000);
  await central.post("/v1/intake/fragments", fragmentsOf([fragment!]));
  return `${till.source}/1/${keys[0]}`;
}

async function decide(kind: "same" | "different", a: string, b: string): Promise<void> {
  const sides = { a: { records: [a] }, b: { records: [b] } };
  const request = { id: `d${(minute += 1)}`, kind, ...sides, by: "ada" };
  expect((await central.post("/v1/stewards/decisions", request, PERSON)).status).toBe(201);
}

async function customersOf(...records: readonly string[]): Promise<(string | undefined)[]> {
  const rows = await rowsOf(central.storage, "select id, customer from source_record");
  const known = new Map(rows.map((row) => [textOf(row, "id"), textOf(row, "customer")]));
  return records.map((record) => known.get(record));
}

// Digests of values decide in which order equal evidence is looked at: each of several must do.
const VALUES = ["1", "2", "3", "4", "5", "6"];

test.each(VALUES)(
  "IDN3 two cards that a steward called one person's go on being so at other tills, a third one does not (%s)",
  async (n) => {
    const [old, young, third] = ["100", "200", "300"].map((card) => keyOf("loyalty", card + n));
    const phone = keyOf("phone", `+44207946000${n}`);
    const [one, two] = [createTill("till-1"), createTill("till-2")];
    const a = await hear(one, { givenName: "Edith", familyName: "Marsh" }, [old!, phone]);
    const b = await hear(two, { givenName: "Edie", familyName: "Lane" }, [young!, phone]);
    expect(new Set(await customersOf(a, b)).size).toBe(2);
    await decide("same", a, b);
    const late = [
      await hear(one, { givenName: "Edie" }, [young!]),
      await hear(two, {}, [old!]),
      // The number is no household's: those who have it are one person.
      await hear(two, {}, [phone]),
    ];
    const [customer, ...others] = await customersOf(a, b, ...late);
    expect(customer).toBe(customerIdOf(old!));
    expect(others).toEqual([b, ...late].map(() => customer));
    const stranger = await hear(two, { givenName: "Edith" }, [third!, phone]);
    expect(await customersOf(stranger)).toEqual([customerIdOf(third!)]);
  },
);

test.each(VALUES)(
  "IDN6 an e-mail of two whom a steward has parted ties nobody to one of them; what is theirs alone does (%s)",
  async (n) => {
    const card = keyOf("loyalty", `700${n}`);
    const email = keyOf("email", `office${n}@fields.example`);
    const phone = keyOf("phone", `+44207946007${n}`);
    const [one, two, three] = ["till-1", "till-2", "till-3"].map((source) => createTill(source));
    const jo = await hear(one!, { givenName: "Jo", familyName: "Field" }, [card, email]);
    const sam = await hear(two!, {}, [email, phone]);
    expect(new Set(await customersOf(jo, sam)).size).toBe(1);
    await decide("different", jo, sam);
    const withCard = await hear(three!, {}, [card, email]);
    const withPhone = await hear(three!, {}, [email, phone]);
    const bare = await hear(createTill("till-4"), {}, [email]);
    const [a, b, c, d, e] = await customersOf(jo, withCard, sam, withPhone, bare);
    expect(b).toBe(a);
    expect(d).toBe(c);
    expect(new Set([a, c, e]).size).toBe(3);
  },
);

test("IDN3 SEC2 each refusal is kept with its reason, also after it is none any more, and tells no value", async () => {
  const till = createTill("till-1");
  const phone = keyOf("phone", "+442079460099");
  const keys = ["3001", "3002"].map((card) => [keyOf("loyalty", card), phone]);
  const a = await hear(till, { givenName: "Margaret", birthDate: "1970-02-03" }, keys[0]!);
  const b = await hear(till, { givenName: "Oliver", birthDate: "2001-11-19" }, keys[1]!);
  const read = async (query: string) => {
    const response = await central.get(`/v1/refusals${query}`, PERSON);
    return ((await response.json()) as { refusals: RefusalEntry[] }).refusals;
  };
  const [standing, ...others] = await read("?standing=1");
  expect(others).toEqual([]);
  expect(standing).toMatchObject({ reason: "household", by: phone, resolvedMs: null });
  expect(standing?.records.toSorted()).toEqual([a, b].toSorted());
  await decide("different", a, b);
  const all = await read("");
  expect(all.map(({ reason, resolvedMs }) => [reason, resolvedMs === null])).toEqual([
    ["household", false],
    ["steward_different", true],
  ]);
  expect(JSON.stringify(all)).not.toMatch(/Margaret|Oliver|1970|2001/);
  expect(await read(`?after=${all[1]?.n}`)).toEqual([]);
  expect((await central.get("/v1/refusals?limit=0", PERSON)).status).toBe(422);
});

test("IDN3 a steward grants what two may have together, and nothing to an e-mail that has met a whole house", async () => {
  const house = keyOf("email", "house@fields.example");
  const [tills, phones] = [
    Array.from({ length: 9 }, (_, at) => createTill(`till-${at + 1}`)),
    Array.from({ length: 7 }, (_, at) => keyOf("phone", `+44207946020${at}`)),
  ];
  const shared = await hear(tills[0]!, {}, [house, phones[0]!]);
  for (const phone of phones) await hear(tills[0]!, {}, [house, phone]);
  const own = keyOf("phone", "+442079460299");
  const card = await hear(tills[8]!, {}, [keyOf("loyalty", "8001"), own]);
  await decide("same", shared, card);
  const late = [];
  for (const [at, phone] of phones.entries()) late.push(await hear(tills[at + 1]!, {}, [phone]));
  const [customer, ...others] = await customersOf(shared, ...late);
  expect(others).toHaveLength(7);
  expect(others).not.toContain(customer);
});

test("IDN6 a card that a steward has found in two people's hands does not say whose a third record is", async () => {
  const card = keyOf("loyalty", "9001");
  const tills = ["till-1", "till-2", "till-3"].map((source) => createTill(source));
  const [a, b] = [await hear(tills[0]!, {}, [card]), await hear(tills[1]!, {}, [card])];
  await decide("different", a, b);
  const c = await hear(tills[2]!, {}, [card]);
  expect(new Set(await customersOf(a, b, c)).size).toBe(3);
});
