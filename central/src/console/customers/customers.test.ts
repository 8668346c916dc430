/** Pages about one customer over HTTP: who sees what of it, and what a steward decides about its values. */
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { decisionsOnQuery, newestDecisionsQuery } from "../../steward/list.ts";
import { seenQuery } from "../../steward/seen.ts";
import { IDENTITY, openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { type Desk, formIn, ILYA, MARA, openDesk, personOf } from "../../testing/desk.ts";
import { planOf, walksIn } from "../../testing/plan.ts";
import { createTill, eventsOf, fragmentsOf, keyOf } from "../../testing/till.ts";
import { customerQuery } from "./customer.ts";
import { customersQuery, findQuery } from "./customers.ts";

const card = keyOf("loyalty", "1001");
const id = customerIdOf(card);
const page = `/customers/${id}`;

let central: TestApp;
let desk: Desk;
beforeAll(async () => {
  central = await openTestApp();
  desk = openDesk(central);
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

const SAID = {
  givenName: "Ann",
  familyName: "Archer",
  email: "ann.archer@example.org",
  phone: "+441632960123",
  birthDate: "1970-02-03",
  address: { line1: "12 High Street", city: "Leeds", postalCode: "LS1 1AA", country: "GB" },
};

async function ann() {
  const [one, two] = [createTill("till-1"), createTill("till-2", { store: "store-2" })];
  one.claim(SAID, [card]);
  two.claim({ ...SAID, givenName: "Anne", email: "anne@example.org" }, [card]);
  for (const till of [one, two]) {
    const { item, fragment } = till.captured[0]!;
    await central.post("/v1/intake/events", eventsOf(till.store, [item]));
    await central.post("/v1/intake/fragments", fragmentsOf([fragment!]));
  }
}

const CONTACT = /ann\.archer|anne@example|960123|12 High Street|LS1 1AA|1970-02-03/;

test("SEC1 SEC2 contact data is masked on every page about a customer, and whoever may not see customers sees none", async () => {
  await ann();
  for (const person of [MARA, personOf("Pia", "privacy"), personOf("Adam", "admin")]) {
    for (const path of [page, `${page}/links`, "/customers"]) {
      const { status, text } = await desk.get(path, person);
      expect(status).toBe(200);
      expect(text).toMatch(/Anne? Archer/);
      expect(text).not.toMatch(CONTACT);
    }
  }
  const masked = (await desk.get(page)).text;
  expect(masked).toContain("a•••@e•••.org");
  expect(masked).toContain("•••23");
  expect(masked).toContain("••• Leeds, GB");
  for (const person of [personOf("Otto", "operations"), personOf("Rea", "read_only")]) {
    for (const path of [
      page,
      "/customers",
      `${page}/links`,
      `${page}/merge`,
      "/matches",
      "/matches/decisions",
    ]) {
      // prettier-ignore
      expect((await desk.get(path, person)).status).toBe(403);
    }
    expect((await desk.post(`${page}/reveal`, {}, person)).status).toBe(403);
    expect((await desk.post("/find", { "known-by": "1001" }, person)).status).toBe(403);
  }
});

test("SEC2 contact data is shown in the answer to whoever asks for it alone, and the audit says who did", async () => {
  await ann();
  const shown = await desk.post(`${page}/reveal`, {}, ILYA);
  expect(shown.status).toBe(200);
  expect(shown.text).toMatch(/anne@example\.org/);
  expect(shown.text).toContain("1970-02-03");
  expect((await desk.get(page, ILYA)).text).not.toMatch(CONTACT);
  const audit = await rowsOf(central.storage, "select by, action, target, detail from audit");
  expect(audit).toEqual([{ by: "p-ilya", action: "customers.reveal", target: id, detail: null }]);
  await desk.post(`/customers/${customerIdOf(keyOf("loyalty", "none"))}/reveal`, {}, ILYA);
  expect(await rowsOf(central.storage, "select n from audit")).toHaveLength(1);
});

/** From where the other values of the first field stand. */
const loser = (text: string) => text.slice(text.indexOf('data-label="Other values"'));

test("GLD1 a steward lets another value stand, sets one aside and takes both back, each once however often it is sent", async () => {
  await ann();
  const at = `${page}/field`;
  const first = await desk.get(page);
  expect(first.text).toContain("<h1>Anne Archer</h1>");
  const pin = formIn(loser(first.text), at);
  expect(pin).toMatchObject({ kind: "pin", field: "givenName", version: "2" });
  for (const _ of [1, 2]) expect(await desk.post(at, pin)).toMatchObject({ status: 303, location: page }); // prettier-ignore
  const pinned = await desk.get(page);
  expect(pinned.text).toContain("<h1>Ann Archer</h1>");
  expect(pinned.text).toContain("Pinned by Mara");
  // By the page of before, another form: refused, and told by whom it was changed.
  const late = await desk.post(at, { ...pin, decision: "another", kind: "ignore" }, ILYA);
  expect(late.status).toBe(409);
  expect(late.text).toContain("Mara has decided about a value of theirs, at 12:00");
  expect(await rowsOf(central.storage, "select kind, decided_by from steward_decision")).toEqual([
    { kind: "pin", decided_by: "Mara" },
  ]);
  const undo = `/matches/decisions/${pin["decision"]}/undo`;
  const decision = await desk.get(`/matches/decisions/${pin["decision"]}`);
  expect(decision.text).not.toMatch(CONTACT);
  expect((await desk.post(undo, formIn(decision.text, undo), ILYA)).status).toBe(303);
  expect((await desk.get(page)).text).toContain("<h1>Anne Archer</h1>");
  const audit = await rowsOf(central.storage, "select by, action, target from audit order by n");
  expect(audit).toEqual([
    { by: "p-mara", action: "matches.decide", target: pin["decision"] },
    { by: "p-ilya", action: "matches.decide", target: pin["decision"] },
  ]);
});

test("CAP4 a value that a steward types is read as a till would read it, or refused without being repeated", async () => {
  await ann();
  const { text } = await desk.get(page);
  const email = formIn(text.slice(text.indexOf("E-mail</th>")), `${page}/field`);
  const form = { ...email, kind: "pin" };
  const refused = await desk.post(`${page}/field`, { ...form, value: "no mail of anybody" });
  expect(refused.status).toBe(422);
  expect(refused.text).not.toContain("no mail");
  expect((await desk.post(`${page}/field`, { ...form, value: " Ann.New@Example.ORG " })).status).toBe(303); // prettier-ignore
  expect((await desk.post(`${page}/reveal`, {})).text).toContain("ann.new@example.org");
});

test("the list and the file of customers hold the same, and the file no contact data", async () => {
  await ann();
  const file = await desk.get("/customers?csv=customers");
  expect(file.headers.get("content-type")).toContain("text/csv");
  expect(file.text).toContain(`Anne Archer,${id}`);
  expect(file.text).not.toMatch(CONTACT);
  expect((await desk.get("/customers?csv=other")).status).toBe(422);
});

test("the links of a customer say by what and how strongly, as a picture and as a table", async () => {
  await ann();
  const { text } = await desk.get(`${page}/links`);
  expect(text).toContain("2 records of one customer, and 1 link between them");
  expect(text).toContain("the same loyalty card");
  const why = await desk.post(`${page}/links`, formIn(text, `${page}/links`));
  expect(why.text).toMatch(/The weight of all comparisons is .* bits/);
  expect(why.text).toContain("one customer from +3.0");
  expect(why.text).toContain("a short form of it");
  expect(why.text).not.toMatch(CONTACT);
  const foreign = { a: `till-9/1/${card}`, b: `till-1/1/${card}` };
  expect((await desk.post(`${page}/links`, foreign)).status).toBe(404);
});

test("what pages of customers ask is read by index, also of a million", async () => {
  const { storage } = central;
  const before = `01a1bdfd8c00-0000-till-1/1 ${id}`;
  for (const cursor of [null, before]) {
    const query = customersQuery(cursor, 25);
    expect((await planOf(storage, query)).join("\n")).not.toContain("TEMP B-TREE");
    // The first page walks the index of active customers as far as its limit.
    expect(await walksIn(storage, query, cursor === null ? ["customer_active"] : [])).toEqual([]);
  }
  const queries = [
    customerQuery(id),
    decisionsOnQuery(id, 50),
    newestDecisionsQuery(1_000, 50),
    seenQuery([id]),
  ];
  // What a subquery has found is no table.
  for (const query of [...queries, findQuery("ann@example.org", IDENTITY)]) {
    const walks = await walksIn(storage, query, ["k"]);
    expect(walks.filter((step) => !step.startsWith("SCAN (subquery"))).toEqual([]);
  }
});
