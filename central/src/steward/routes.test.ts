/** What stewards see and decide, over HTTP: potential matches, explanations, decisions and their effects. */
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readCustomer } from "../console/customers/customer.ts";
import { openTestApp, PERSON, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import { decisionsOf } from "../testing/state.ts";
import { createTill, fragmentsOf, keyOf, START_MS } from "../testing/till.ts";
import type { PairExplanation } from "./explain.ts";
import type { PotentialPage } from "./potential-matches.ts";

const [card, other] = [keyOf("loyalty", "1001"), keyOf("loyalty", "1002")];
const phone = keyOf("phone", "+441632960001");
const mail = keyOf("email", "ann@example.org");
const minutes = (count: number): number => START_MS + count * 60_000;

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

const post = async (path: string, body: object) => {
  const response = await central.post(path, body, PERSON);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const get = async <Body>(path: string): Promise<Body> =>
  (await (await central.get(path, PERSON)).json()) as Body;
const deliver = (...fragments: Parameters<typeof fragmentsOf>[0]) =>
  central.post("/v1/intake/fragments", fragmentsOf(fragments));

const side = (record: string) => ({ records: [record] });

/** Mother and child, each with a card, at one phone. */
async function household() {
  const till = createTill("till-1");
  await deliver(
    till.claim({ givenName: "Margaret", birthDate: "1970-02-03" }, [card, phone], minutes(1))
      .fragment!,
    till.claim({ givenName: "Oliver", birthDate: "2001-11-19" }, [other, phone], minutes(2))
      .fragment!,
  );
  return { a: `till-1/1/${card}`, b: `till-1/1/${other}` };
}

test("IDN3 two cards at one phone are two customers and a potential match that says why, first by priority", async () => {
  const { a, b } = await household();
  const page = await get<PotentialPage>("/v1/potential-matches");
  expect(page).toMatchObject({ count: 1, next: null });
  expect(new Set(page.matches[0]?.customers)).toEqual(
    new Set([customerIdOf(card), customerIdOf(other)]),
  );
  expect(page.matches[0]?.reasons).toContain("household");
  expect(new Set(page.matches[0]?.records)).toEqual(new Set([a, b]));
});

test("IDN6 a steward's decision takes effect at once, is one however often it is sent, and goes when it is undone", async () => {
  const { a, b } = await household();
  const same = { id: "one", kind: "same", a: { records: [a] }, b: { records: [b] }, by: "ada" };
  const before = await readCustomer(central.storage, customerIdOf(other));
  expect((await post("/v1/stewards/decisions", same)).status).toBe(201);
  expect((await post("/v1/stewards/decisions", same)).status).toBe(200);
  expect((await post("/v1/stewards/decisions", { ...same, by: "eve" })).status).toBe(409);
  const joined = await readCustomer(central.storage, customerIdOf(other));
  expect(joined?.customer).toBe(customerIdOf(card));
  expect(await decisionsOf(central.storage)).toContainEqual({
    kind: "redirect",
    from: customerIdOf(other),
    to: customerIdOf(card),
  });
  const different = {
    id: "two",
    kind: "different",
    a: { records: [a] },
    b: { records: [b] },
    by: "ada",
  };
  expect((await post("/v1/stewards/decisions", different)).status).toBe(201);
  const apart = await readCustomer(central.storage, customerIdOf(other));
  expect(apart?.golden).toEqual(before?.golden);
  expect(await get<PotentialPage>("/v1/potential-matches")).toMatchObject({ count: 0 });
  for (const id of ["two", "one", "one"]) {
    expect((await post(`/v1/stewards/decisions/${id}/undo`, { by: "ada" })).status).toBe(200);
  }
  expect(await get<PotentialPage>("/v1/potential-matches")).toMatchObject({ count: 1 });
  expect(await get("/v1/stewards/decisions")).toMatchObject({
    decisions: [
      { id: "one", kind: "same", undoneBy: "ada" },
      { id: "two", kind: "different", undoneBy: "ada" },
    ],
  });
});

test("IDN7 the feed tells of joins and splits, with the records that moved; a foreign cursor means resync", async () => {
  const { a, b } = await household();
  type Feed = { feed: { type: string }[]; next: string; resync?: true };
  const start = await get<Feed>("/v1/feed");
  const same = { id: "one", kind: "same", a: { records: [a] }, b: { records: [b] }, by: "ada" };
  await post("/v1/stewards/decisions", same);
  await post("/v1/stewards/decisions/one/undo", { by: "ada" });
  const rest = await get<Feed>(`/v1/feed?after=${start.next}`);
  expect(rest.feed).toMatchObject([
    { type: "merged", customer: customerIdOf(card), previous: customerIdOf(other) },
    { type: "split", customer: customerIdOf(other), previous: customerIdOf(card), records: [b] },
  ]);
  const foreign = await get<Feed>("/v1/feed?after=0123456789abcdef-3");
  expect(foreign).toMatchObject({ feed: [], resync: true });
  expect(await get<Feed>(`/v1/feed?after=${foreign.next}`)).toMatchObject({
    feed: [...start.feed, ...rest.feed],
  });
});

test("IDN5 an explanation adds up field by field, and shows values only when asked", async () => {
  const till = createTill("till-1");
  const said = { givenName: "Margaret", familyName: "Attwood", birthDate: "1970-02-03" };
  await deliver(
    till.claim(said, [card], minutes(1)).fragment!,
    till.claim({ ...said, givenName: "Margret" }, [mail], minutes(2)).fragment!,
  );
  const pair = { a: `till-1/1/${card}`, b: `till-1/1/${mail}` };
  const { body } = await post("/v1/why", pair);
  const why = body as unknown as PairExplanation;
  const { prior, fields, household: home, total } = why.waterfall;
  const sum = fields.reduce((so, { weight }) => so + weight, prior) + home;
  expect(total).toBeCloseTo(sum, 9);
  expect(fields.map(({ comparison, level }) => [comparison, level])).toContainEqual(["birth", "exact"]); // prettier-ignore
  expect(why.isSame).toBe(total >= why.thresholds.match);
  expect(JSON.stringify(body)).not.toMatch(/margaret|attwood/i);
  expect(JSON.stringify((await post("/v1/why?values=1", pair)).body)).toContain("margaret");
  expect((await post("/v1/why", { ...pair, b: `till-9/1/${mail}` })).status).toBe(404);
  expect((await post("/v1/why", { a: "margaret", b: "x" })).status).toBe(422);
});

test("IDN5 how a customer came to be: links in the order of their strength, the way between any two records", async () => {
  const [one, two] = [createTill("till-1"), createTill("till-2")];
  await deliver(
    one.sale(100, [mail], minutes(1)).fragment!,
    two.sale(100, [card, phone], minutes(2)).fragment!,
    one.sale(100, [card, mail], minutes(3)).fragment!,
  );
  const how = await get<{ customer: string; links: { by: string }[] }>(
    `/v1/customers/${customerIdOf(card)}/how`,
  );
  expect(how.customer).toBe(customerIdOf(mail));
  expect(how.links.map(({ by }) => by)).toEqual([card, mail]);
  const pair = { a: `till-1/1/${mail}`, b: `till-2/1/${card}` };
  const { body } = await post("/v1/why", pair);
  expect(body).toMatchObject({ isSame: true, keys: [], path: [{ by: mail }, { by: card }] });
});

test("GLD1 a pin and an ignore change the golden record at once and until they are undone", async () => {
  const till = createTill("till-1");
  await deliver(till.claim({ givenName: "Ann" }, [card]).fragment!);
  const record = `till-1/1/${card}`;
  const nameNow = async () =>
    (await readCustomer(central.storage, customerIdOf(card)))?.golden.fields.givenName?.value;
  const pin = { id: "p", kind: "pin", record, field: "givenName", value: "Anna", by: "ada" };
  expect((await post("/v1/stewards/decisions", pin)).status).toBe(201);
  expect(await nameNow()).toBe("Anna");
  await post("/v1/stewards/decisions/p/undo", { by: "ada" });
  expect(await nameNow()).toBe("Ann");
  expect(await get("/v1/stewards/decisions")).toMatchObject({
    decisions: [{ id: "p", kind: "pin", a: [record], field: "givenName", undoneBy: "ada" }],
  });
  const ignore = { id: "i", kind: "ignore", record, field: "givenName", by: "ada" };
  await post("/v1/stewards/decisions", ignore);
  expect(await nameNow()).toBeUndefined();
});

test("SEC2 what cannot be decided is refused by a reason, and names nobody", async () => {
  const { a, b } = await household();
  const cases: [object, number][] = [
    [{ id: "x", kind: "same", a: side(a), b: side(`till-9/1/${card}`), by: "ada" }, 404],
    [{ id: "x", kind: "different", a: side(a), b: side(a), by: "ada" }, 409],
    [
      { id: "x", kind: "different", a: side(a), b: { customer: customerIdOf(mail) }, by: "ada" },
      404,
    ],
    [{ id: "x y", kind: "same", a: side(a), b: side(b), by: "ada" }, 422],
    [{ id: "x", kind: "perhaps", a: side(a), b: side(b), by: "ada" }, 422],
  ];
  for (const [request, status] of cases) {
    expect((await post("/v1/stewards/decisions", request)).status).toBe(status);
  }
  expect((await post("/v1/stewards/decisions/none/undo", { by: "ada" })).status).toBe(404);
  expect(await rowsOf(central.storage, "select id from steward_decision")).toEqual([]);
  expect(central.errors).toEqual([]);
});
