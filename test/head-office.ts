/** What head office asks of the centre, and what all parts of the house then say of a customer, in a form to compare. */
import { type Profile, type ProfileContent } from "@regulars/shared/survivorship/profile";
import { expect } from "vitest";
import { z } from "zod";
import type { Found, House } from "./house.ts";

const viewSchema = z.object({
  customer: z.string(),
  version: z.int(),
  digest: z.string(),
  golden: z.object({ fields: z.record(z.string(), z.object({ value: z.unknown() })) }).loose(),
  activity: z.unknown(),
  records: z.array(z.object({ id: z.string(), source: z.string(), seq: z.int() })),
  redirects: z.array(z.string()),
});
export type CustomerView = z.infer<typeof viewSchema>;

const matchesSchema = z.object({
  matches: z.array(
    z.object({
      customers: z.tuple([z.string(), z.string()]),
      reasons: z.array(z.string()),
    }),
  ),
});
const decidedSchema = z.object({
  id: z.string(),
  isNew: z.boolean(),
  customers: z.array(z.string()),
});

const WAIT = { timeout: 20_000, interval: 100 };

export function createHeadOffice(house: House) {
  return {
    customer: (id: string) => house.centre(`customers/${id}`, viewSchema),
    potentialMatches: async () =>
      (await house.centre("potential-matches", matchesSchema)).matches.map(
        ({ customers, reasons }) => ({ customers: customers.toSorted(), reasons }),
      ),
    decide: (request: object) =>
      house.centre("stewards/decisions", decidedSchema, { by: "ada", ...request }),
    undo: (id: string) =>
      house.centre(`stewards/decisions/${id}/undo`, decidedSchema, { by: "ada" }),
  };
}

/** What a profile says; how often it has been written says nothing. */
export function contentOf(profile: Profile): ProfileContent {
  const { customer: _c, version: _v, golden: _g, ...content } = profile;
  return content;
}

/** The same of a golden record. */
export function heldOf({ customer, digest, golden, activity, records, redirects }: CustomerView) {
  return { customer, digest, golden, activity, records: records.map(({ id }) => id), redirects };
}

export const summaryOf = ({ fields, totals, consents, notes }: ProfileContent) => ({
  name: fields.givenName?.value,
  minor: totals["GBP"]?.minor,
  sales: totals["GBP"]?.sales,
  consents: Object.fromEntries(Object.entries(consents).map(([name, { state }]) => [name, state])),
  notes: notes.map(({ text }) => text).toSorted(),
});
export type Summary = ReturnType<typeof summaryOf>;

export const foundOf = (found: readonly Found[]) =>
  found
    .map(({ customer, profile }) => ({ customer, ...summaryOf(profile) }))
    .toSorted((a, b) => (a.customer < b.customer ? -1 : 1));

/** Edge and all tills come to say this, and nobody else, of whoever is asked for in these words. */
export async function expectEverywhere(
  house: House,
  words: string,
  expected: readonly (Partial<Summary> & { readonly customer: string })[],
): Promise<void> {
  const sorted = expected.toSorted((a, b) => (a.customer < b.customer ? -1 : 1));
  const matching = sorted.map((each): unknown => expect.objectContaining(each));
  for (const at of house.system.agents.keys()) {
    const seen = async () => foundOf(await house.lookUp(at, words, true));
    await expect.poll(seen, { ...WAIT, message: `${words} at till ${at + 1}` }).toEqual(matching);
  }
  for (const { customer, ...says } of sorted) {
    const seen = async () => summaryOf(await house.profile(customer));
    await expect.poll(seen, { ...WAIT, message: `${words} at the edge` }).toMatchObject(says);
  }
}
