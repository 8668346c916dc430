import { identityKeyOf } from "@regulars/shared/identity/key";
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { NO_ACTIVITY } from "@regulars/shared/survivorship/activity";
import { expect, test } from "vitest";
import { createFakeEdge, profileAt } from "../../testing/fake-edge.ts";
import { IDENTITY, sale } from "../../testing/settings.ts";
import { openTill } from "../../testing/till.ts";

const ada = {
  email: "ada@example.org",
  phone: "07911 123456",
  loyaltyNumber: "LC-0042",
  givenName: "Ada",
  familyName: "Łovelace-King",
};
const key = identityKeyOf("loyalty", "LC0042", IDENTITY.pepper);
const customer = customerIdOf(key);

test.each([
  [" ADA@example.org ", "email"],
  ["+44 7911 123456", "phone"],
  ["07911-123456", "phone"],
  ["lc 0042", "loyalty"],
  ["TILL-1-1-000001", "receipt"],
  ["pos-778", "receipt"],
  ["ad", "name"],
  ["lovel ad", "name"],
  ["king", "name"],
])(
  "finds a customer offline by %j, from what this till captured alone",
  async (query, matchedBy) => {
    const till = await openTill();
    await till.captured(sale({ customer: ada, externalId: "POS-778" }));
    await till.captured(sale({ customer: { email: "bob@example.org", givenName: "Bob" } }));
    const found = await till.lookup(query);
    expect(found).toMatchObject([{ customer, matchedBy, pending: 2 }]);
    expect(found[0]?.profile.fields.familyName?.value).toBe("Łovelace-King");
  },
);

test.each(["", "  ", "@", "ada@", "nobody", "ada nobody", "07911", "%", "' or 1=1"])(
  "finds nobody by %j",
  async (query) => {
    const till = await openTill();
    await till.captured(sale({ customer: ada }));
    expect(await till.lookup(query)).toEqual([]);
  },
);

test("GLD2: shows the edge's profile with this till's newer captures over it", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale({ customer: ada }));
  await till.sync.push();
  edge.changes.push({ profile: profileAt(edge, key, 1) });
  edge.marks = { accepted: 2, merged: 2, golden: 0 };
  await till.sync.pull();
  expect(await till.lookup("ada")).toMatchObject([{ customer, pending: 0 }]);

  await till.captured(sale({ customer: { ...ada, givenName: "Augusta" } }));
  const shown = await till.lookup("lc0042");
  expect(shown).toMatchObject([{ customer, pending: 2 }]);
  await till.sync.push();
  const { customer: _c, version: _v, golden: _g, ...merged } = profileAt(edge, key, 2);
  expect(shown[0]?.profile).toEqual(merged);
});

test("own fragments of one customer are shown as one, under the customer who holds one of their keys", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale({ customer: { email: ada.email } }));
  await till.captured(sale({ customer: ada }));
  const alone = await till.lookup(ada.email);
  expect(alone).toMatchObject([{ customer, pending: 4 }]);
  expect(alone[0]?.profile.totals["GBP"]?.sales).toBe(2);

  await till.sync.push();
  const emailKey = identityKeyOf("email", ada.email, IDENTITY.pepper);
  const profile = profileAt(edge, emailKey, 1);
  edge.changes.push({ profile });
  await till.sync.pull();
  const held = await till.lookup("lovelace");
  expect(held.map((result) => result.customer)).toEqual([profile.customer]);
  expect(held[0]?.profile.totals["GBP"]?.sales).toBe(2);
});

test("finds a customer of the working set by a receipt of another till", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale({ customer: ada }));
  await till.sync.push();
  const profile = profileAt(edge, key, 1);
  const recent = profile.recent.map((each) => ({ ...each, receipt: "till-9-1-000007" }));
  edge.changes.push({ profile: { ...profile, recent } });
  await till.sync.pull();
  expect(await till.lookup("TILL-9-1-000007")).toMatchObject([{ customer, matchedBy: "receipt" }]);
});

test("GLD2 shows a profile that an older build stored with this till's captures over it", async () => {
  const edge = createFakeEdge();
  const other = await openTill({ edge });
  await other.captured(sale({ customer: ada }));
  await other.sync.push();
  edge.changes.push({ profile: profileAt(edge, key, 1) });
  const till = await openTill({ edge });
  await till.sync.pull();
  const since = ["overrides", ...Object.keys(NO_ACTIVITY)].map((part) => `'$.${part}'`);
  await till.storage.write([
    { sql: `update profile set json = json_remove(json, ${since.join(", ")})` },
  ]);
  const stored = await till.lookup("lc0042");
  expect(stored).toMatchObject([{ customer, profile: { overrides: [], ...NO_ACTIVITY } }]);
  await till.captured(sale({ customer: ada }));
  expect(await till.lookup("lc0042")).toMatchObject([{ customer, pending: 2 }]);
});

test("asks the edge only when told to and nothing is here, and keeps the answer", async () => {
  const edge = createFakeEdge();
  const other = await openTill({ edge });
  await other.captured(sale({ customer: ada }));
  await other.sync.push();
  edge.known.set(ada.email, profileAt(edge, key, 1));

  const till = await openTill({ edge });
  expect(await till.lookup(ada.email)).toEqual([]);
  expect(await till.lookup(ada.email, { remote: true })).toMatchObject([{ customer, pending: 0 }]);
  edge.failure = { code: "unreachable", retryAfterMs: 0 };
  expect(await till.lookup(ada.email)).toMatchObject([{ customer }]);
  expect(await till.lookup("bob@example.org", { remote: true })).toEqual([]);
});

test("SEC2: the search index holds no contact data", async () => {
  const till = await openTill();
  await till.captured(sale({ customer: ada }));
  const rows = await rowsOf(till.storage, "select kind, term, holder from term");
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toMatch(/ada|7911|LC/i);
});
