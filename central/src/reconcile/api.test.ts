import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { EDGE, openTestApp, PERSON, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import { manyExceptions, personStatement, seedException } from "../testing/exceptions.ts";
import { PLAIN_MAPPING, storeStatement, STRIPE_FILE } from "../testing/settlement.ts";

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(async () => {
  await emptyDatabase(central.storage);
  await central.storage.write([
    storeStatement("store-1"),
    storeStatement("store-2"),
    personStatement("p-ada", "Ada"),
  ]);
});

interface Page {
  readonly exceptions: readonly object[];
  readonly next: string | null;
}
interface Said {
  readonly detail?: string;
  readonly errors?: readonly object[];
}
const get = async (path: string): Promise<unknown> => (await central.get(path, PERSON)).json();
const pageOf = async (path: string): Promise<Page> => (await get(path)) as Page;
const said = async (response: Response): Promise<Said> => (await response.json()) as Said;
const post = (path: string, body: unknown) => central.post(path, body, PERSON);
const send = (query: string, text: string) => central.post(`/v1/settlement${query}`, text, PERSON);

test("programs read and work exceptions by the same rules", async () => {
  await seedException(central.storage, { n: 1 });
  expect(await get("/v1/exceptions?store=store-1")).toMatchObject({
    exceptions: [{ n: 1, state: "open", version: 1 }],
    next: null,
  });
  expect((await post("/v1/exceptions/1/assign", { version: 1, to: "p-ada" })).status).toBe(200);
  expect(
    await (await post("/v1/exceptions/1/explain", { version: 2, note: "Found it." })).json(),
  ).toMatchObject({ state: "explained", version: 3 });
  const own = await post("/v1/exceptions/1/approve", { version: 3 });
  expect(own.status).toBe(403);
  expect((await said(own)).detail).toContain("Ask a colleague");
  const late = await post("/v1/exceptions/1/explain", { version: 1, note: "Mine." });
  expect(late.status).toBe(409);
  const { detail } = await said(late);
  expect(detail).toContain("console explained this on 21 Nov 2026, 12:00");
  expect(detail).toContain("It is version 3.");
  expect((await post("/v1/exceptions/1/reject", { version: 3, note: "No." })).status).toBe(200);
  expect(await get("/v1/exceptions/1")).toMatchObject({
    state: "open",
    entries: [
      { action: "rejected" },
      { action: "explained" },
      { action: "assigned" },
      { action: "opened" },
    ],
  });
});

test("what a program sends wrongly is said by field", async () => {
  await seedException(central.storage, { n: 1 });
  const bodies: [string, unknown, number][] = [
    ["/v1/exceptions/1/explain", { version: 1 }, 422],
    ["/v1/exceptions/1/explain", { version: 1, note: " " }, 422],
    ["/v1/exceptions/1/assign", { version: 1, to: "p-eve" }, 422],
    ["/v1/exceptions/1/approve", { version: 1 }, 409],
    ["/v1/exceptions/1/explain", "no json", 400],
    ["/v1/exceptions/7/explain", { version: 1, note: "x" }, 404],
    ["/v1/exceptions/x/explain", { version: 1, note: "x" }, 404],
  ];
  for (const [path, body, status] of bodies) {
    expect([path, (await post(path, body)).status]).toEqual([path, status]);
  }
});

test("lists go on where they ended", async () => {
  await central.storage.write(manyExceptions(30));
  const first = await pageOf("/v1/exceptions?state=all&limit=20");
  const second = await pageOf(`/v1/exceptions?state=all&limit=20&after=${first.next}`);
  expect([...first.exceptions, ...second.exceptions]).toHaveLength(30);
  expect(second.next).toBeNull();
});

test("SEC4 an edge's token opens neither", async () => {
  for (const path of ["/v1/exceptions", "/v1/exceptions/1", "/v1/settlement"]) {
    expect((await central.get(path, EDGE)).status).toBe(401);
  }
  expect((await central.post("/v1/settlement", STRIPE_FILE, EDGE)).status).toBe(401);
  expect((await central.get("/v1/exceptions", {})).status).toBe(401);
});

test("a file is taken in by one call", async () => {
  const taken = await send("?name=october.csv", STRIPE_FILE);
  expect(taken.status).toBe(201);
  expect(await taken.json()).toEqual({ file: 1, lines: 3, known: 0, skipped: 1 });
  expect(await get("/v1/settlement")).toMatchObject({
    files: [{ n: 1, name: "october.csv", importedBy: "console" }],
    next: null,
  });
  const again = await send("", STRIPE_FILE);
  expect(again.status).toBe(409);
  expect((await said(again)).detail).toBe("This file was imported before. It is file 1.");
});

test("a file that does not fit is refused whole, by line and column", async () => {
  const refused = await send("", STRIPE_FILE.replace("34.95", "SECRET"));
  expect(refused.status).toBe(422);
  const problem = await said(refused);
  expect(problem.errors).toEqual([
    { field: "line 2, column gross", reason: "the amount is no number" },
  ]);
  expect(JSON.stringify(problem)).not.toContain("SECRET");
  expect(await rowsOf(central.storage, "select 1 from settlement_file")).toEqual([]);
});

const withoutStore = (reference: string): string =>
  `date,reference,amount,batch\n2026-11-20,${reference},1.00,b\n`;

test("a mapping comes along, and a store is never taken from the file before", async () => {
  const { store: _, ...columns } = PLAIN_MAPPING.columns;
  const mapping = encodeURIComponent(JSON.stringify({ ...PLAIN_MAPPING, columns }));
  expect((await send(`?mapping=${mapping}`, withoutStore("r1"))).status).toBe(422);
  expect((await send(`?store=store-1&mapping=${mapping}`, withoutStore("r1"))).status).toBe(201);
  const without = await send("", withoutStore("r2"));
  expect((await said(without)).detail).toContain("No column says the store");
  expect((await send("?store=store-2", withoutStore("r2"))).status).toBe(201);
  const rows = await rowsOf(
    central.storage,
    "select store, reference from settlement_line order by reference",
  );
  expect(rows).toEqual([
    { store: "store-1", reference: "r1" },
    { store: "store-2", reference: "r2" },
  ]);
  expect((await send(`?mapping=${encodeURIComponent("{")}`, withoutStore("r3"))).status).toBe(422);
  expect((await send("", "a,b\n1,2\n")).status).toBe(422);
  expect((await send("", "")).status).toBe(422);
  expect(central.errors).toEqual([]);
});

const unchecked = () =>
  rowsOf(
    central.storage,
    `select l.store from settlement_line l
     left join store_day d on d.store = l.store and d.business_day = l.business_day
     where d.checked_ms is null`,
  );

test("REC2: days of a file are checked as soon as it is taken in, whatever else comes or not", async () => {
  expect((await send("?name=october.csv", STRIPE_FILE)).status).toBe(201);
  await expect.poll(unchecked).toEqual([]);
});
