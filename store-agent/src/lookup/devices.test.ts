/** A browser that several sit before, as a till shows those who were seen with it. */
import { identityKeyOf } from "@regulars/shared/identity/key";
import { customerIdOf, fragmentIdOf } from "@regulars/shared/ids";
import { expect, test } from "vitest";
import { createFakeEdge, profileWith } from "../../testing/fake-edge.ts";
import { IDENTITY, sale } from "../../testing/settings.ts";
import { openTill } from "../../testing/till.ts";

const email = identityKeyOf("email", "ada@example.com", IDENTITY.pepper);
const browser = identityKeyOf("anonymous", "kiosk", IDENTITY.pepper);
const ada = customerIdOf(email);
const fragments = {
  ada: fragmentIdOf("till-1", 1, email),
  visit: fragmentIdOf("till-1", 1, browser),
};
const asVisitor = { anonymousIds: ["kiosk"] };
const asAda = { email: "ada@example.com", anonymousIds: ["kiosk"] };

async function open() {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale({ customer: asVisitor }));
  await till.captured(sale({ customer: asAda }));
  await till.captured(sale({ customer: asVisitor }));
  const shown = async () =>
    (await till.lookup("ada@example.com")).map(({ customer, profile }) => [
      customer,
      profile.totals["GBP"]?.sales,
    ]);
  return { edge, till, shown };
}

test("IDN8 nobody is shown what was done on a browser that they were seen with, merged or not", async () => {
  const { edge, till, shown } = await open();
  expect(await shown()).toEqual([[ada, 1]]);
  await till.sync.push();
  edge.marks = { accepted: 4, merged: 4, golden: 0 };
  edge.changes.push({ profile: profileWith(edge, ada, [fragments.ada], 1) });
  await till.sync.pull();
  expect(await shown()).toEqual([[ada, 1]]);
});

test("IDN8 but what the centre has found to be theirs, with what follows in the same fragment", async () => {
  const { edge, till, shown } = await open();
  await till.sync.push();
  edge.marks = { accepted: 4, merged: 4, golden: 0 };
  edge.changes.push({ profile: profileWith(edge, ada, Object.values(fragments), 1) });
  await till.sync.pull();
  expect(await shown()).toEqual([[ada, 3]]);
  await till.captured(sale({ customer: asVisitor }));
  expect(await shown()).toEqual([[ada, 4]]);
});
