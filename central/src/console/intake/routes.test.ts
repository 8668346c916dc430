import { rowsOf } from "@regulars/shared/storage/port";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storeBodiesAsText } from "../../testing/bodies.ts";
import { eventGroups, eventsOfCause, lettersOfCause } from "../../desk/here.ts";
import { jobOfCause, newestJobs, runningJob } from "../../desk/jobs.ts";
import { openTestApp, type TestApp } from "../../testing/app.ts";
import { walksIn } from "../../testing/plan.ts";
import { createDeskEdge, DESK_BODY } from "../../testing/desk-edge.ts";
import { createTill, eventsOf, fragmentsOf, keyOf } from "../../testing/till.ts";
import type { Visitor } from "../../testing/visitor.ts";
import { maskedJson } from "./masked.ts";

let edge: ReturnType<typeof createDeskEdge>;
let central: TestApp;
let worker: Visitor;
beforeEach(async () => {
  edge = createDeskEdge();
  central = await openTestApp({ askEdge: (...asked) => edge.ask(...asked) });
  worker = await central.signIn("operations");
});
afterEach(() => central.close());

const CAUSE = { shop: "web-uk", account: "shop-1", format: "cloudevents", topic: "sale", code: "rule", field: "total" }; // prettier-ignore
const ITEM = "/intake/edge/items/web-uk/1";

async function read(path: string, who = worker): Promise<string> {
  const answer = await who.get(path);
  expect(answer.status).toBe(200);
  return answer.text();
}

async function follow(answer: Response, who = worker): Promise<string> {
  expect(answer.status).toBe(303);
  return read(answer.headers.get("location") ?? "", who);
}

const versionAt = async (path: string): Promise<string> =>
  /name="version" value="([^"]*)"/.exec(await read(path))?.[1] ?? "";

test("failures are grouped by cause, with what it means and what to do, and lead to their items", async () => {
  const page = await read("/intake");
  expect(page).toMatch(/It breaks a rule that was set for this connector.*A rule of the account holds it up/s); // prettier-ignore
  expect(page).toMatch(/shop-1 \(web-uk\).*>3<.*2 h ago/s);
  const cause = await read(`/intake/edge?${new URLSearchParams(CAUSE).toString()}`);
  expect(cause).toMatch(/web-uk\/1.*£12.00.*web-uk\/3/s);
  const file = await worker.get("/intake?csv=causes");
  expect(await file.text()).toContain(
    "rule,shop-1 (web-uk),sale · total,3,2026-11-21T10:00:00.000Z",
  );
});

test("SEC2 one item shows its structure; what it says only who may see contact data, and the audit knows", async () => {
  const page = await read(ITEM);
  expect(page).toContain("&quot;email&quot;: &quot;•••&quot;");
  expect(page).not.toContain("ada@example.com");
  expect(page).not.toContain("Show what it says");
  expect((await worker.post(`${ITEM}/reveal`)).status).toBe(403);
  const steward = await central.signIn("steward");
  const shown = await (await steward.post(`${ITEM}/reveal`)).text();
  expect(shown).toContain("ada@example.com");
  expect(await rowsOf(central.storage, `select "by", target from audit where action = 'customers.reveal'`)).toEqual([{ by: steward.id, target: "item/web-uk/1" }]); // prettier-ignore
  expect(JSON.stringify(await rowsOf(central.storage, "select * from audit"))).not.toContain(
    "ada@",
  );
});

test("SYN6 a replay that fails again says so with the cause of now, and one that takes effect leaves the list", async () => {
  const again = async (code: string | null) => {
    edge.read = () => code;
    return follow(await worker.post(`${ITEM}/replay`, { version: await versionAt(ITEM) }));
  };
  expect(await again("rule")).toContain("failed again, for the same reason: It breaks a rule");
  expect(await again("unknown_store")).toMatch(/fails now for another reason: The place it names is not one/); // prettier-ignore
  expect(await again(null)).toContain("It was read anew. It has taken effect.");
  expect(await read("/intake")).toMatch(/>2</);
  const dropped = await worker.post("/intake/edge/items/web-uk/2/drop", { version: await versionAt("/intake/edge/items/web-uk/2"), reason: "a test" }); // prettier-ignore
  expect(await follow(dropped)).toContain("nothing of it stays");
});

test("of two people at one item the second is told who was first, and nothing is done twice", async () => {
  const version = await versionAt(ITEM);
  const other = await central.signIn("steward");
  await follow(await other.post(`${ITEM}/replay`, { version }), other);
  const second = await worker.post(`${ITEM}/replay`, { version });
  expect(second.status).toBe(409);
  expect(await second.text()).toMatch(/steward-\S+ has worked on this item on 21 Nov 2026.*nothing was done now. As it stands: It has taken effect/s); // prettier-ignore
  expect(edge.items[0]?.tries).toBe(2);
});

test("SYN6 all like one are read anew in the background, page by page, and the rest says why it failed again", async () => {
  edge.read = ({ n }) => (n === 2 ? "unknown_store" : null);
  edge.isAway = true; // so that the first is still running when the second comes
  const begun = await worker.post("/intake/replays", { at: "edge", ...CAUSE });
  const other = await central.signIn("steward");
  const same = await other.post("/intake/replays", { at: "edge", ...CAUSE });
  expect(same.headers.get("location")).toBe(`${begun.headers.get("location") ?? ""}?second=1`);
  await central.replayed();
  edge.isAway = false;
  await central.replayed();
  const page = await follow(begun);
  expect(page).toMatch(/The last replay is done.*2 taken effect, 1 failed again/s);
  expect(page).toMatch(/1 item: The place it names is not one of the retailer.*which is new/s);
  expect(edge.items.map(({ tries }) => tries)).toEqual([2, 2, 2]);
  expect(await read("/intake")).toContain("done, some failed again");
});

test("an edge that is away is said in words; its replay waits and goes on, and what lies here is shown", async () => {
  edge.isAway = true;
  const begun = await worker.post("/intake/replays", { at: "edge", ...CAUSE });
  await central.replayed();
  expect(await read("/intake")).toContain("The edge cannot be reached");
  const part = await worker.get(begun.headers.get("location") ?? "", { "hx-request": "true" });
  expect(await part.text()).toMatch(/^<div id="job".*The replay waits, and goes on by itself/s);
  for (const path of [
    ITEM,
    `/intake/edge?${new URLSearchParams(CAUSE).toString()}`,
    "/intake/accounts/shop-1",
  ]) {
    // prettier-ignore
    const answer = await worker.get(path);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("Nothing was changed");
  }
  edge.isAway = false;
  await central.replayed();
  expect(await follow(begun)).toContain("3 taken effect, 0 failed again");
  expect(central.errors).toEqual([]);
});

test("settings are changed at the edge, refused in words, and never over somebody else's", async () => {
  const path = "/intake/accounts/shop-1";
  const version = await versionAt(path);
  const settings = JSON.stringify({ ...edge.account, rules: {} });
  expect((await worker.post(path, { version, settings: "{" })).status).toBe(422);
  const wrong = await worker.post(path, { version, settings: "{}" });
  expect(await wrong.text()).toMatch(/Nothing was changed.*zone is required/s);
  expect(await follow(await worker.post(path, { version, settings }))).toContain("Saved.");
  expect(edge.account.rules).toEqual({});
  const late = await worker.post(path, { version, settings });
  expect(late.status).toBe(409);
  expect(await late.text()).toMatch(/operations-\S+ has changed this account/);
  const steward = await central.signIn("steward");
  expect((await steward.post(path, { version, settings })).status).toBe(403);
});

test("SYN6 what the centre has set aside is grouped, shown, and read anew by itself or all alike", async () => {
  const card = keyOf("loyalty", "1");
  const till = createTill("till-1");
  const sales = [till.sale(100, [card]), till.sale(200, [card]), till.sale(300, [card])];
  await central.post(
    "/v1/intake/events",
    eventsOf(
      "store-1",
      sales.map(({ item }) => item),
    ),
  );
  await central.post("/v1/intake/fragments", fragmentsOf(sales.map(({ fragment }) => fragment!)));
  await storeBodiesAsText(central.storage);
  await central.storage.write([{ sql: "update event set quarantined = 'not_an_event', kind = null" }]); // prettier-ignore
  expect(await read("/intake")).toMatch(/A till sent a row that cannot be read as an event.*store-1.*>3</s); // prettier-ignore
  const cause = await read("/intake/here?of=event&code=not_an_event");
  expect(cause).toContain('href="/intake/here/event/till-1/1/2"');
  const item = "/intake/here/event/till-1/1/1";
  expect(await read(item)).toContain("&quot;sku&quot;: &quot;•••&quot;");
  expect(await follow(await worker.post(`${item}/replay`))).toContain("has taken effect");
  const second = await worker.post(`${item}/replay`);
  expect(second.status).toBe(409);
  expect(await second.text()).toMatch(/operations-\S+ has replayed it on 21 Nov 2026/);
  await central.storage.write([{ sql: "update event set body = '{' where seq = 3" }]);
  const begun = await worker.post("/intake/replays", { at: "here", of: "event", code: "not_an_event" }); // prettier-ignore
  await central.replayed();
  expect(await follow(begun)).toMatch(/1 taken effect, 1 failed again/);
  const kept = await follow(await worker.post("/intake/here/event/till-1/1/3/replay"));
  expect(kept).toContain("is still set aside");
  expect((await worker.get("/intake/here/event/till-1/1/x")).status).toBe(404);
  expect(central.errors).toEqual([]);
});

test("dead letters are read anew by their reason alone", async () => {
  const till = createTill("till-1");
  const rows = [till.sale(100), till.sale(200)].map(({ item }) => item);
  await central.post("/v1/intake/events", eventsOf("store-1", rows.slice(0, 1)));
  const sql = `insert into intake_problem (source, epoch, code, item, hash, received_ms, payload)
    values ('till-1', 1, ?, ?, ?, 0, ?)`;
  const payload = JSON.stringify({ store: "store-1", ...rows[1]! });
  await central.storage.write([
    { sql, args: ["broken_chain", "2", rows[1]!.hash, payload] },
    { sql, args: ["fork", "1", "x", "{}"] },
  ]);
  await worker.post("/intake/replays", { at: "here", of: "letter", code: "fork" });
  await central.replayed();
  expect(await rowsOf(central.storage, "select code from intake_problem")).toHaveLength(2);
  const answer = await worker.post("/intake/here/letter/1/replay");
  expect(await follow(answer)).toContain("has taken effect");
  expect(await rowsOf(central.storage, "select code from intake_problem")).toEqual([{ code: "fork" }]); // prettier-ignore
});

test("the desk reads by index", async () => {
  const { storage } = central;
  expect(await walksIn(storage, eventGroups(), ["event_quarantined"])).toEqual([]);
  expect(await walksIn(storage, eventsOfCause("x", { source: "", epoch: 0, seq: 0 }, 9), ["event_quarantined"])).toEqual([]); // prettier-ignore
  expect(await walksIn(storage, lettersOfCause("x", 0, 9))).toEqual([]);
  expect(await walksIn(storage, runningJob(), ["desk_job_running"])).toEqual([]);
  expect(await walksIn(storage, jobOfCause("x"))).toEqual([]);
  expect(await walksIn(storage, newestJobs(9), ["desk_job"])).toEqual([]);
});

test("SEC2 masking keeps names of fields and hides values, and names that are none", () => {
  expect(maskedJson(DESK_BODY)).toBe(
    JSON.stringify({ email: "•••", total: "(number)", lines: [{ sku: "•••" }], "(name 4)": "(number)" }, null, 2), // prettier-ignore
  );
  expect(maskedJson("a=1&b=ada")).toBeNull();
});
