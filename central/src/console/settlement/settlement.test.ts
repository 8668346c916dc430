import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { SQUARE_FILE, storeStatement, STRIPE_FILE } from "../../testing/settlement.ts";
import type { Visitor } from "../../testing/visitor.ts";

let central: TestApp;
let ada: Visitor;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(async () => {
  await emptyDatabase(central.storage);
  await central.storage.write([storeStatement("store-1"), storeStatement("store-2")]);
  ada = await central.signIn("operations");
});

/** As a browser sends the form, without a script. */
async function send(
  text: string,
  name = "payouts.csv",
  person = ada,
  more: Record<string, string> = {},
): Promise<Response> {
  const form = new FormData();
  form.set("csrf", person.csrf);
  form.set("file", new File([text], name, { type: "text/csv" }));
  const cookie = person.headers["cookie"] ?? "";
  return central.app.request("/settlement/files", {
    method: "POST",
    headers: { cookie, origin: "http://localhost", ...more },
    body: form,
  });
}

const pathOf = (response: Response): string => response.headers.get("location") ?? "";
const textOf = async (path: string): Promise<string> => (await ada.get(path)).text();
const count = async (table: string): Promise<number> =>
  (await rowsOf(central.storage, `select 1 from ${table}`)).length;

test("REC2 a file is sent, looked at, confirmed and taken in, without a script", async () => {
  const sent = await send(STRIPE_FILE);
  expect(sent.status).toBe(303);
  const preview = await textOf(pathOf(sent));
  for (const words of [
    "3 payments can be taken in",
    "Stripe",
    "£1,227.45",
    "£17.88",
    "pi_1",
    "2026-11-20",
    "1 refund among them",
  ]) {
    expect(preview).toContain(words);
  }
  expect(await count("settlement_line")).toBe(0);
  const taken = await ada.post(`${pathOf(sent)}/take`);
  expect(taken.status).toBe(303);
  const done = await textOf(pathOf(taken));
  expect(done).toContain("Taken in: 3 payments");
  const file = await textOf("/settlement/files/1");
  for (const words of ["payouts.csv", "store-2", "pi_2", "po_1", "£1,204.50"])
    expect(file).toContain(words);
  const files = await textOf("/settlement/files");
  expect(files).toContain("/settlement/files/1");
  expect(await textOf("/settlement")).toContain("Not checked yet");
  expect(central.errors).toEqual([]);
});

test("a store's places are matched by hand, and files of the same head are read so from then on", async () => {
  const sent = await send(SQUARE_FILE);
  const page = await textOf(pathOf(sent));
  expect(page).toContain("2 things do not fit");
  expect(page).toContain("Line 2, column “Location”: the store is none that has tills here.");
  expect(page).toMatch(/<label for="place-0-store">High Street/);
  const fields = {
    "column-amount": "Card", "column-reference": "Payment ID", "column-date": "Date", "column-time": "Time",
    "column-fee": "Fees", "column-store": "Location", "column-batch": "Deposit ID",
    delimiter: ",", decimalMark: ".", dateOrder: "mdy", zone: "store", dayFromHour: "0", feeSign: "negative", currency: "gbp", store: "",
    onlyColumn: "Event Type", onlyValues: "Payment, Refund", minusColumn: "", minusValues: "",
    "place-0": "High Street", "place-0-store": "store-2",
  }; // prettier-ignore
  await ada.post(`${pathOf(sent)}/mapping`, fields);
  expect(await textOf(pathOf(sent))).toContain("2 payments can be taken in");
  await ada.post(`${pathOf(sent)}/take`);
  const again = await send(SQUARE_FILE.replaceAll("PM9", "PM7"));
  const preview = await textOf(pathOf(again));
  expect(preview).toContain("2 payments can be taken in");
  expect(preview).toContain("has confirmed on 21 Nov 2026");
});

test("the same file is known, and said where it was taken in", async () => {
  const sent = await send(STRIPE_FILE);
  await ada.post(`${pathOf(sent)}/take`);
  const again = await send(STRIPE_FILE, "copy.csv");
  expect(again.status).toBe(409);
  const page = await again.text();
  expect(page).toContain("This file was imported before.");
  expect(page).toContain('href="/settlement/files/1"');
});

test.each([
  ["", "The file is empty."],
  ['a,b\n"x,1\n', "quotation marks do not fit"],
])("a file that cannot be used is said so: %j", async (text, words) => {
  const sent = await send(text);
  expect(sent.status).toBe(422);
  expect(await sent.text()).toContain(words);
});

test("where nothing can be guessed, it is said what has to be chosen", async () => {
  const page = await textOf(pathOf(await send("a,b\n1,2\n")));
  expect(page).toContain("Choose below which columns are: amount, reference, date");
});

test("what is wrong is told by line and column, never by what stands there", async () => {
  const bad = STRIPE_FILE.replace("34.95", "SECRET").replace(",store-2", ",HIDDEN");
  const page = await textOf(pathOf(await send(bad)));
  expect(page).toContain("Line 2, column “gross”: the amount is no number.");
  const problems = /settlement-problems">([\s\S]*?)<\/ul>/.exec(page)?.[1] ?? "";
  expect(problems).not.toMatch(/SECRET|HIDDEN/);
  const id = pathOf(await send(bad));
  await ada.post(`${id}/take`);
  expect(await count("settlement_file")).toBe(0);
});

describe("doors", () => {
  test("nobody sees another's file, and who may only look cannot send one", async () => {
    const sent = await send(STRIPE_FILE);
    const bob = await central.signIn("operations");
    expect((await bob.get(pathOf(sent))).status).toBe(404);
    expect((await bob.post(`${pathOf(sent)}/take`)).status).toBe(404);
    const reader = await central.signIn("read_only");
    expect((await send(STRIPE_FILE, "x.csv", reader)).status).toBe(403);
    const page = await reader.get("/settlement");
    expect(page.status).toBe(200);
    expect(await page.text()).not.toContain("Look at it");
    expect((await reader.get("/settlement?csv=days")).status).toBe(403);
  });

  test("a form without the token of the session is refused", async () => {
    const sent = await send(STRIPE_FILE, "x.csv", { ...ada, csrf: "other" });
    expect(sent.status).toBe(403);
    expect(await count("settlement_file")).toBe(0);
  });

  test("htmx is sent to the page, not given it as a part", async () => {
    const sent = await send(STRIPE_FILE, "x.csv", ada, {
      "hx-request": "true",
      "x-csrf": ada.csrf,
    });
    expect(sent.headers.get("hx-redirect")).toMatch(/^\/settlement\/uploads\//);
    expect(
      (await send("", "x.csv", ada, { "hx-request": "true", "x-csrf": ada.csrf })).status,
    ).toBe(200);
  });
});

test("each table is a file as well", async () => {
  const sent = await send(STRIPE_FILE);
  await ada.post(`${pathOf(sent)}/take`);
  const days = await textOf("/settlement?csv=days");
  expect(days.split("\r\n")[2]).toBe("2026-11-20,store-2,GBP,,120450,1,1711,,Not checked yet");
  expect(await textOf("/settlement/files?csv=files")).toContain(
    "payouts.csv,1,Stripe,2026-11-20,2026-11-20,3,0,122745,1788,GBP",
  );
  expect(await textOf("/settlement/files/1?csv=lines")).toContain(
    "2,2026-11-20,store-1,pi_1,po_1,3495,77,GBP",
  );
  expect((await textOf("/settlement/files/1?csv=days")).split("\r\n")).toHaveLength(4);
});

test("a file that was left is gone", async () => {
  const sent = await send(STRIPE_FILE);
  await ada.post(`${pathOf(sent)}/drop`);
  expect((await ada.get(pathOf(sent))).status).toBe(404);
});
