import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { EXCEPTION_KINDS } from "../../reconcile/exceptions/read.ts";
import { titleOf } from "../../reconcile/exceptions/words.ts";
import { openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { manyExceptions, seedException } from "../../testing/exceptions.ts";
import { walksIn } from "../../testing/plan.ts";
import type { Visitor } from "../../testing/visitor.ts";
import { namesQuery } from "./people.ts";

let central: TestApp;
let ada: Visitor;
let bob: Visitor;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(async () => {
  await emptyDatabase(central.storage);
  ada = await central.signIn("operations");
  bob = await central.signIn("operations");
});

const textOf = async (path: string, person = ada): Promise<string> =>
  (await person.get(path)).text();
const escaped = (text: string): string => text.replaceAll("'", "&#39;");

test.each(EXCEPTION_KINDS)("an exception of kind %s has a page", async (kind) => {
  await seedException(central.storage, { n: 1, kind });
  const page = await textOf("/exceptions/1");
  expect(page).toContain(`<h1>${escaped(titleOf(kind))}</h1>`);
  expect(page).toContain("The checks found this");
  expect(page).toContain('href="/stores/store-1/2026-11-20"');
  expect(central.errors).toEqual([]);
});

test("what a person needs is on the page: figures, the row behind them, what to do", async () => {
  await seedException(central.storage, { n: 1, kind: "over_short" });
  const page = await textOf("/exceptions/1");
  expect(page).toContain("Till-2 is £4.20 short at Z 118");
  expect(page).toContain("£415.80");
  expect(page).toContain(
    'href="/stores/store-1/2026-11-20/rows?source=till-2&amp;epoch=1&amp;seq=409"',
  );
  for (const key of ["a", "e", "u"]) expect(page).toContain(`data-key="${key}"`);
});

test("REC2 a list is worked through: what one explains another approves, and each leads on to the next", async () => {
  for (const n of [1, 2, 3]) await seedException(central.storage, { n, openedMs: n });
  const explained = await ada.post("/exceptions/1/explain", {
    version: "1",
    note: "Shared drawer.",
  });
  expect(explained.status).toBe(303);
  expect(explained.headers.get("location")).toBe("/exceptions/2?done=1.explain");
  expect(await textOf("/exceptions/2?done=1.explain")).toContain("Exception 1 was explained");
  // Whoever has explained it is shown no button.
  expect(await textOf("/exceptions/1")).toContain("A colleague has to approve it");
  expect(await textOf("/exceptions/1")).not.toContain("/exceptions/1/approve");
  expect((await ada.post("/exceptions/1/approve", { version: "2" })).status).toBe(403);
  const list = await textOf("/exceptions?state=explained", bob);
  expect(list).toContain("/exceptions/1?state=explained");
  const approved = await bob.post("/exceptions/1/approve?state=explained", { version: "2" });
  expect(approved.headers.get("location")).toBe("/exceptions?state=explained&done=1.approve");
  expect(await textOf("/exceptions?state=approved")).toContain("Approved");
  const next = await textOf("/exceptions/2", bob);
  expect(next).toContain('href="/exceptions/3" data-key="j"');
  const assigned = await bob.post("/exceptions/2/assign", { version: "1", to: bob.id });
  expect(assigned.headers.get("location")).toBe("/exceptions/2?done=2.assign");
  expect(await textOf("/exceptions/2", bob)).not.toContain("Assign to me");
  expect(await textOf(`/exceptions?assignee=${bob.id}`)).toContain("/exceptions/2?");
});

test("the second of two is told who was first, and keeps what they wrote", async () => {
  await seedException(central.storage, { n: 1 });
  await ada.post("/exceptions/1/explain", { version: "1", note: "It was the float." });
  const late = await bob.post("/exceptions/1/explain", {
    version: "1",
    note: "My own long words.",
  });
  expect(late.status).toBe(409);
  const page = await late.text();
  const [ofAda] = await rowsOf(central.storage, "select name from person where id = ?", [ada.id]);
  expect(page).toContain(`${String(ofAda?.["name"])} explained this on`);
  expect(page).toContain("Nothing of yours was saved");
  expect(page).toContain("It was the float.");
  expect(page).toContain("My own long words.");
  // The form goes on from there.
  expect(page).toContain('name="version" value="2"');
  expect(page).not.toContain('name="version" value="1"');
});

test("a decision without a note is sent back with words, and nothing is lost", async () => {
  await seedException(central.storage, { n: 1 });
  const refused = await ada.post("/exceptions/1/explain", { version: "1", note: "  " });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain("Write down what you have found out");
  expect((await ada.post("/exceptions/9/explain", { version: "1", note: "x" })).status).toBe(404);
  expect((await ada.post("/exceptions/1/explain", { version: "one", note: "x" })).status).toBe(422);
});

test("who may only look is shown no form, and who may not look is shown nothing", async () => {
  await seedException(central.storage, { n: 1 });
  const reader = await central.signIn("read_only");
  const page = await textOf("/exceptions/1", reader);
  expect(page).not.toContain("/exceptions/1/");
  expect((await reader.post("/exceptions/1/explain", { version: "1", note: "x" })).status).toBe(
    403,
  );
  expect((await reader.get("/exceptions?csv=exceptions")).status).toBe(403);
  expect(await textOf("/exceptions", reader)).not.toContain("csv=exceptions");
});

test("the list is paged, narrowed and a file", async () => {
  await central.storage.write(manyExceptions(90));
  const first = await textOf("/exceptions");
  const next = /href="(\/exceptions\?after=[^"]+)"/.exec(first)?.[1] ?? "";
  expect(await textOf(next)).toContain("Back to the start");
  expect(await textOf("/exceptions?state=all&store=store-3&day=2026-11-17")).toContain("store-3");
  expect(await textOf("/exceptions?severity=&kind=&store=&day=&assignee=")).toContain(
    "To do, worst first",
  );
  expect((await ada.get("/exceptions?kind=nonsense")).status).toBe(422);
  const file = await textOf("/exceptions?state=all&csv=exceptions");
  expect(file.trim().split("\r\n")).toHaveLength(91);
  expect(file).toContain("Number,What,In words,Severity,State");
  expect(central.errors).toEqual([]);
});

test("names are found by an index", async () => {
  expect(await walksIn(central.storage, namesQuery(["p-ada"]))).toEqual([]);
});
