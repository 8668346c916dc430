import { describe, expect, test } from "vitest";
import { captureInputSchema } from "@regulars/shared/capture/input";
import { normaliseEmail } from "@regulars/shared/identity/email";
import { normalisePhone } from "@regulars/shared/identity/phone";
import { CLOSES, createDay, type Day, OPENS } from "./day.ts";
import { createTown } from "./people.ts";
import { STORES, ZONE } from "./plan.ts";

const town = createTown({ seed: 1, people: 400, stores: STORES.length });
const dayOf = (day: number, seed = 1): Day =>
  createDay(createTown({ seed, people: 400, stores: STORES.length }), {
    day,
    firstDay: "2026-03-01",
    zone: ZONE,
    stores: STORES,
    sales: 350,
  });
const day = dayOf(1);
const textOf = ({ actions, truth }: Day): string => JSON.stringify([actions, [...truth]]);
const hourOfFirst = ({ actions }: Day): string => actions[0]?.capture.at?.slice(0, 13) ?? "";
const customersOf = ({ actions }: Day): Record<string, unknown>[] =>
  actions.flatMap(({ capture }) => (capture.customer ? [{ ...capture.customer }] : []));

describe("the town", () => {
  test("is the same for the same seed, byte for byte, and another for another", () => {
    expect(textOf(dayOf(3))).toBe(textOf(dayOf(3)));
    expect(textOf(dayOf(3, 2))).not.toBe(textOf(dayOf(3)));
    expect(textOf(dayOf(4))).not.toBe(textOf(dayOf(3)));
  });

  test("has households: people at one address, most of one name", () => {
    const households = Map.groupBy(town.people, ({ household }) => household);
    const families = [...households.values()].filter(({ length }) => length > 1);
    expect(families.length).toBeGreaterThan(60);
    for (const members of families) {
      expect(new Set(members.map(({ address }) => JSON.stringify(address))).size).toBe(1);
    }
    const sameName = families.filter(
      (members) => new Set(members.map(({ familyName }) => familyName)).size === 1,
    );
    expect(sameName.length).toBeGreaterThan(families.length / 2);
    expect(town.people.some(({ sharedPhone }) => sharedPhone !== null)).toBe(true);
  });

  test("gives nobody another's card, address or number, but for a household's own", () => {
    for (const field of ["card", "email", "phone"] as const) {
      const values = town.people.map((person) => person[field]).filter((value) => value !== null);
      expect(new Set(values).size).toBe(values.length);
    }
  });
});

describe("a day", () => {
  test("is what a till can capture, in order, during opening hours, under keys of its own", () => {
    for (const { capture } of day.actions) {
      expect(captureInputSchema.safeParse(capture).error).toBeUndefined();
    }
    const minutes = day.actions.map(({ minute }) => minute);
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
    expect(minutes[0]).toBeGreaterThanOrEqual(OPENS);
    expect(minutes.at(-1)).toBeLessThan(CLOSES);
    expect(day.truth.size).toBe(day.actions.length);
  });

  test("has sales, returns, voids, consents, notes and claims", () => {
    const kinds = new Set([1, 2, 3].flatMap((n) => dayOf(n).actions.map((a) => a.capture.kind)));
    expect([...kinds].toSorted()).toEqual(["claim", "consent", "note", "return", "sale", "void"]);
  });

  test("follows the shop's clock over the change to summer time", () => {
    expect(hourOfFirst(dayOf(28))).toBe("2026-03-28T09"); // the last day of winter time
    expect(hourOfFirst(dayOf(29))).toBe("2026-03-29T08");
  });

  test("holds typing errors: some that can be read all the same, some that cannot", () => {
    const told = [1, 2, 3, 4, 5, 6, 7].flatMap((number) => customersOf(dayOf(number)));
    const valuesOf = (field: string): string[] =>
      told.flatMap((customer) => (typeof customer[field] === "string" ? [customer[field]] : []));
    const emails = new Set(town.people.flatMap((person) => [person.email, person.sharedEmail]));
    const otherwise = valuesOf("email").filter((email) => !emails.has(email));
    expect(otherwise.some((email) => emails.has(normaliseEmail(email)))).toBe(true);
    expect(otherwise.some((email) => normaliseEmail(email) === null)).toBe(true);
    expect(valuesOf("phone").some((phone) => normalisePhone(phone, "GB") === null)).toBe(true);
    const names = new Set(town.people.map(({ givenName }) => givenName));
    expect(valuesOf("givenName").some((name) => !names.has(name))).toBe(true);
  });

  test("meets the same person under different keys, so that there is something to link", () => {
    const fields = ["loyaltyNumber", "email", "phone"];
    const waysByPerson = Map.groupBy(
      day.actions.filter(({ capture }) => capture.customer),
      ({ capture }) => day.truth.get(capture.idempotencyKey),
    );
    const several = [...waysByPerson.values()].filter((actions) => {
      const ways = actions.map(({ capture }) =>
        fields.filter((field) => Object.keys(capture.customer ?? {}).includes(field)).join(),
      );
      return new Set(ways).size > 1;
    });
    expect(several.length).toBeGreaterThan(10);
  });

  test("keeps the truth to itself", () => {
    const told = JSON.stringify(day.actions);
    for (const { id, household } of town.people.slice(0, 50)) {
      expect(told).not.toContain(`"${id}"`);
      expect(told).not.toContain(`"${household}"`);
    }
  });
});
