/** Two people with one phone number, as their till finds them: merged by mistake, split again, and merged after all. */
import { identityKeyOf } from "@regulars/shared/identity/key";
import { customerIdOf, fragmentIdOf } from "@regulars/shared/ids";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { expect, test } from "vitest";
import { createFakeEdge, profileWith } from "../../testing/fake-edge.ts";
import { IDENTITY, sale } from "../../testing/settings.ts";
import { openTill } from "../../testing/till.ts";

type TestTill = Awaited<ReturnType<typeof openTill>>;

const shared = "07911 123456";
const phone = identityKeyOf("phone", "+447911123456", IDENTITY.pepper);
const card = identityKeyOf("loyalty", "LC0042", IDENTITY.pepper);
const mother = customerIdOf(phone);
const child = customerIdOf(card);
const fragments = {
  mother: fragmentIdOf("till-1", 1, phone),
  child: fragmentIdOf("till-1", 1, card),
};
const asMother = { phone: shared, givenName: "Ada" };
const asChild = { loyaltyNumber: "LC-0042", phone: shared, givenName: "Eve" };

/** All that was captured is merged, and taken for one customer. */
async function merged(policy = DEFAULT_POLICY) {
  const edge = createFakeEdge();
  if (policy.version > 1) edge.policy = policy;
  const till = await openTill({ edge });
  await till.captured(sale({ customer: asMother }));
  await till.captured(sale({ customer: asChild }));
  await till.captured(sale({ customer: asChild }));
  await till.sync.push();
  edge.marks = { accepted: 5, merged: 5, golden: 0 };
  edge.changes.push({ profile: profileWith(edge, mother, Object.values(fragments), 1) });
  edge.changes.push({ customer: child, redirect: mother });
  await till.sync.pull();
  return { edge, till };
}

async function split({ edge, till }: Awaited<ReturnType<typeof merged>>) {
  edge.changes.push({ profile: profileWith(edge, child, [fragments.child], 2) });
  edge.changes.push({ profile: profileWith(edge, mother, [fragments.mother], 2) });
  await till.sync.pull();
}

async function shownBy(till: TestTill, query: string) {
  const found = await till.lookup(query);
  return Object.fromEntries(
    found.map(({ customer, profile, pending }) => [
      customer,
      {
        name: profile.fields.givenName?.value,
        sales: profile.totals["GBP"]?.sales,
        recent: profile.recent.length,
        pending,
      },
    ]),
  );
}

test("IDN7 a number that two people share finds both, each with their own sales", async () => {
  const world = await merged();
  expect(await shownBy(world.till, shared)).toEqual({
    [mother]: { name: "Eve", sales: 3, recent: 3, pending: 0 },
  });
  await split(world);
  const both = {
    [mother]: { name: "Ada", sales: 1, recent: 1, pending: 0 },
    [child]: { name: "Eve", sales: 2, recent: 2, pending: 0 },
  };
  expect(await shownBy(world.till, shared)).toEqual(both);
  expect(await shownBy(world.till, "lc0042")).toEqual({ [child]: both[child] });
  expect(await shownBy(world.till, "eve")).toEqual({ [child]: both[child] });
});

test("IDN7 GLD2 what is not merged yet is shown with the one whose fragment it is in, and with nobody else", async () => {
  const world = await merged();
  await split(world);
  await world.till.captured(sale({ customer: asMother }));
  expect(await shownBy(world.till, shared)).toEqual({
    [mother]: { name: "Ada", sales: 2, recent: 2, pending: 1 },
    [child]: { name: "Eve", sales: 2, recent: 2, pending: 0 },
  });
  await world.till.captured(sale({ customer: asChild }));
  expect(await shownBy(world.till, shared)).toMatchObject({
    [mother]: { sales: 2, pending: 1 },
    [child]: { sales: 3, pending: 1 },
  });
});

test("IDN7 two that were split and are one after all are found as one", async () => {
  const world = await merged();
  await split(world);
  const { edge, till } = world;
  edge.changes.push({ profile: profileWith(edge, mother, Object.values(fragments), 3) });
  edge.changes.push({ customer: child, redirect: mother });
  await till.sync.pull();
  const one = { [mother]: { name: "Eve", sales: 3, recent: 3, pending: 0 } };
  expect(await shownBy(till, shared)).toEqual(one);
  expect(await shownBy(till, "lc0042")).toEqual(one);
});

const nameIn = async (till: TestTill) => Object.values(await shownBy(till, shared))[0]?.name;

test("GLD2 a till shows its captures by the newest policy of its edge, and never by an older one", async () => {
  const policy = { ...DEFAULT_POLICY, version: 3, fields: { givenName: { strategy: "oldest" } } };
  const { edge, till } = await merged(policy as typeof DEFAULT_POLICY);
  const later = { ...asMother, givenName: "Augusta" };
  await till.captured(sale({ customer: later }));
  expect(await nameIn(till)).toBe("Eve");
  edge.policy = { ...DEFAULT_POLICY, version: 2 };
  await till.sync.pull();
  expect(await nameIn(till)).toBe("Eve");
  edge.policy = { ...DEFAULT_POLICY, version: 4 };
  await till.sync.pull();
  expect(await nameIn(till)).toBe("Augusta");
});
