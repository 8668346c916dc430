/** One fragment alone, what stewards decided, and the policy: what protocol 3 adds to decisions, message by message. */
import { reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { customerIdOf, fragmentIdOf } from "@regulars/shared/ids";

import { decisionSchema } from "@regulars/shared/protocol/publish";
import { type PullAnswer, pullAnswerSchema } from "@regulars/shared/protocol/pull";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import type { Override } from "@regulars/shared/survivorship/override";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { applyDecisions } from "../src/publish/apply-decisions.ts";
import { readProfile } from "../src/serve/read-profile.ts";
import { createDurableStorage } from "../src/storage.ts";
import { profileStubOf } from "../src/stubs.ts";
import { createPolicyKeeper } from "../src/profile/policy.ts";
import { wholeEdge } from "../src/whole-edge.ts";
import { CENTRE } from "./callers.ts";
import { customerAnswerSchema } from "../src/serve/view-schema.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const [phone = ""] = keysOf({ phone: "020 7946 0018" });
const [card = ""] = keysOf({ loyaltyNumber: "4711" });
const mother = customerIdOf(phone);
const child = customerIdOf(card);
const decide = (...decisions: Parameters<typeof applyDecisions>[1]) =>
  applyDecisions(wholeEdge(env), decisions);
const alone = { kind: "assign", key: phone, from: mother, to: child } as const;
const ofTwo = { source: "till-2", epoch: 1 } as const;

const nameClaim = (givenName: string) => ({
  kind: "claim" as const,
  body: { claims: { givenName } },
});

async function profileOf(customer: string) {
  const found = await readProfile(env, customer);
  return found ? profileSchema.parse(JSON.parse(found.json)) : null;
}

async function push(till: ReturnType<typeof openTill>, store: string, ...items: unknown[]) {
  await inbox(store).push(till.push(items as Parameters<typeof till.push>[0]));
}
const merged = (store: string, source: string, seq: number) =>
  until(
    () => pullAll(store, source),
    ({ marks }) => marks.merged >= seq,
  );
const told = (store: string, source: string, fits: (answer: PullAnswer) => boolean) =>
  until(() => pullAll(store, source), fits);

/** Mother and child buy at two tills of one store, each under the mother's number; the edge takes them for one. */
async function sharedPhone() {
  const one = openTill("till-1", "one");
  const two = openTill("till-2", "one");
  await push(one, "one", one.capture([phone], sale(100)), one.capture([phone], nameClaim("Ada")));
  await push(two, "one", two.capture([phone], sale(7)), two.capture([phone], nameClaim("Eve")));
  await merged("one", "till-1", 2);
  await merged("one", "till-2", 2);
  return { one, two };
}

test("IDN7: the fragment of one till moves alone, and what its till says later follows it", async () => {
  const { one, two } = await sharedPhone();
  await decide({ ...alone, ...ofTwo });
  expect(await profileOf(mother)).toMatchObject({ totals: { GBP: { sales: 1, minor: 100 } } });
  expect(await profileOf(child)).toMatchObject({
    totals: { GBP: { sales: 1, minor: 7 } },
    fields: { givenName: { value: "Eve" } },
  });
  await push(one, "one", one.capture([phone], sale(200)));
  await push(two, "one", two.capture([phone], sale(8)));
  await merged("one", "till-1", 3);
  await merged("one", "till-2", 3);
  expect((await profileOf(mother))?.totals["GBP"]?.minor).toBe(300);
  expect((await profileOf(child))?.totals["GBP"]?.minor).toBe(15);
});

test("IDN7: a fragment that nobody has met yet is at home where the centre has put it", async () => {
  const one = openTill("till-1", "one");
  await push(one, "one", one.capture([phone], sale(100)));
  await merged("one", "till-1", 1);
  await decide({ ...alone, ...ofTwo });
  const two = openTill("till-2", "one");
  await push(two, "one", two.capture([phone], sale(7)));
  await merged("one", "till-2", 1);
  expect((await profileOf(child))?.totals["GBP"]?.minor).toBe(7);
  expect((await profileOf(mother))?.totals["GBP"]?.minor).toBe(100);
});

test("IDN7: an id that redirected comes back to life, and the store has both profiles again", async () => {
  const one = openTill("till-1", "one");
  await push(one, "one", one.capture([phone], sale(100)), one.capture([card], sale(7)));
  await merged("one", "till-1", 2);
  await decide({ kind: "redirect", from: child, to: mother });
  await told("one", "till-1", ({ changes }) => changes.some((change) => "redirect" in change));
  await decide({ kind: "assign", key: card, from: mother, to: child, source: "till-1", epoch: 1 });
  const { changes } = await told(
    "one",
    "till-1",
    (page) => !page.changes.some((change) => "redirect" in change),
  );
  const minorOf = new Map(
    changes.flatMap((change) =>
      "profile" in change
        ? [[change.profile.customer, change.profile.totals["GBP"]?.minor] as const]
        : [],
    ),
  );
  await until(
    () => profileOf(mother),
    (profile) => profile?.totals["GBP"]?.minor === 100,
  );
  expect(minorOf.get(child)).toBe(7);
  expect(minorOf.has(mother)).toBe(true);
});

const lookUp = async (given: object) => {
  const response = await exports.default.fetch("https://edge.test/v1/customers/lookup", {
    method: "POST",
    headers: { authorization: `Bearer ${CENTRE}` },
    body: JSON.stringify(given),
  });
  return customerAnswerSchema.parse(await response.json()).customer;
};

test("IDN7: a look-up by a shared key answers the one who holds it, and a stronger key goes before it", async () => {
  await sharedPhone();
  await decide({ ...alone, ...ofTwo });
  expect(await lookUp({ phone: "020 7946 0018" })).toBe(mother);
  const two = openTill("till-3", "one");
  await push(two, "one", two.capture([card], sale(1)));
  await merged("one", "till-3", 1);
  expect(await lookUp({ phone: "020 7946 0018", loyaltyNumber: "4711" })).toBe(child);
});

const pin: Override = {
  id: "s1",
  kind: "pin",
  field: "givenName",
  fragment: fragmentIdOf("till-1", 1, phone),
  value: "Adele",
  stamp: "01a01e6c9278-0000-centre",
  by: "steward-1",
};

test("GLD1: what a steward has decided stands, goes with its record, and is gone when it is taken back", async () => {
  await sharedPhone();
  const nameOf = async (customer: string) => (await profileOf(customer))?.fields.givenName?.value;
  expect(await nameOf(mother)).toBe("Eve");
  await decide({ kind: "overrides", customer: mother, overrides: [pin] });
  expect(await nameOf(mother)).toBe("Adele");
  const { version } = (await profileOf(mother)) ?? {};
  await decide({ kind: "overrides", customer: mother, overrides: [pin] });
  expect((await profileOf(mother))?.version, "told again").toBe(version);
  await decide({ kind: "redirect", from: mother, to: child });
  expect(await nameOf(child)).toBe("Adele");
  await decide({ kind: "overrides", customer: child, overrides: [] });
  expect(await nameOf(child)).toBe("Eve");
});

const oldest: Policy = {
  ...DEFAULT_POLICY,
  version: 2,
  fields: { givenName: { strategy: "maximum" } },
};

const pullAs = async (protocol: number, policy?: number) => {
  const asked = { ...THIS_VERSION, protocol, store: "one", source: "till-9", epoch: 1 };
  const pull = { ...asked, cursor: null, ...(policy === undefined ? {} : { policy }) };
  return pullAnswerSchema.parse(JSON.parse(await inbox("one").pull(pull)));
};

const rulesIn = ({ changes }: PullAnswer) =>
  changes.flatMap((change) => ("profile" in change ? [change.profile.fields.givenName?.rule] : []));

test("GLD2: a new policy makes all profiles anew and reaches tills, and an older one never comes back", async () => {
  await sharedPhone();
  const zoe = openTill("till-9", "one");
  await push(
    zoe,
    "one",
    zoe.capture([card], nameClaim("Zoe")),
    zoe.capture([card], nameClaim("Amy")),
  );
  await merged("one", "till-9", 2);
  await decide({ kind: "policy", policy: oldest });
  const ruled = await until(
    () => profileOf(child),
    (profile) => profile?.fields.givenName?.rule === "maximum",
  );
  await decide({ kind: "policy", policy: { ...DEFAULT_POLICY, version: 1 } });
  await push(zoe, "one", zoe.capture([card], sale(5)));
  await merged("one", "till-9", 3);
  expect((await profileOf(child))?.fields.givenName?.rule).toBe("maximum");
  expect((await profileOf(child))?.version).toBe((ruled?.version ?? 0) + 1);
  await runInDurableObject(profileStubOf(env, child), async (_object, { storage }) => {
    const keeper = createPolicyKeeper(createDurableStorage(storage), DEFAULT_POLICY);
    await keeper.open();
    expect(keeper.current(), "after a restart").toEqual(oldest);
  });

  expect((await pullAs(3, 1)).policy).toEqual(oldest);
  expect((await pullAs(3, 2)).policy).toBeUndefined();
  const isTold = (answer: PullAnswer) => rulesIn(answer).includes("maximum");
  await until(() => pullAs(3, 2), isTold);
  // Tills of protocol 2 refuse an answer with a rule that they do not know.
  expect(new Set(rulesIn(await pullAs(2)))).toEqual(new Set(["most_recent"]));
  expect((await pullAs(2)).policy).toBeUndefined();
});

test("SYN9: a decision names a fragment by source and epoch, or a whole key", () => {
  expect(decisionSchema.safeParse({ ...alone, ...ofTwo }).success).toBe(true);
  expect(decisionSchema.safeParse(alone).success).toBe(true);
  expect(decisionSchema.safeParse({ ...alone, source: "till-2" }).success).toBe(false);
  expect(decisionSchema.safeParse({ ...alone, epoch: 1 }).success).toBe(false);
});
