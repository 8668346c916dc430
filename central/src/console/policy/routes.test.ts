import { rowsOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_MATCHING_POLICY } from "../../matching/policy.ts";
import { dryRunPage, NOTHING_FOUND } from "../../policy/dry-run.ts";
import { openTestApp, PERSON, type TestApp } from "../../testing/app.ts";
import type { Visitor } from "../../testing/visitor.ts";
import { crowd } from "../../testing/people.ts";
import { createTill, fragmentsOf, keyOf } from "../../testing/till.ts";

let central: TestApp;
let admin: Visitor;
beforeEach(async () => {
  central = await openTestApp();
  admin = await central.signIn("admin");
});
afterEach(() => central.close());

const OLDEST: Policy = {
  ...DEFAULT_POLICY,
  version: 2,
  fields: { ...DEFAULT_POLICY.fields, givenName: { strategy: "oldest" } },
};

async function read(path: string): Promise<string> {
  const answer = await admin.get(path);
  expect(answer.status).toBe(200);
  return answer.text();
}

const post = (path: string, form: Readonly<Record<string, string>>) => admin.post(path, form);

/** The form of a page as a browser would send it, with some fields filled in otherwise. */
async function sendForm(path: string, change: Readonly<Record<string, string>>) {
  const page = await read(path);
  const form = /<form class="policy".*?<\/form>/s.exec(page)?.[0] ?? "";
  const fields: Record<string, string> = {};
  for (const [, attributes = ""] of form.matchAll(/<input ([^>]*?)\/?>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1];
    const value = /value="([^"]*)"/.exec(attributes)?.[1] ?? "";
    const isOff = /type="checkbox"/.test(attributes) && !/ checked/.test(attributes);
    if (name !== undefined && !isOff) fields[name] = value;
  }
  for (const [, name = "", options = ""] of form.matchAll(
    /<select name="([^"]*)">(.*?)<\/select>/gs,
  )) {
    fields[name] = /value="([^"]*)" selected/.exec(options)?.[1] ?? "";
  }
  for (const [, name = "", text = ""] of form.matchAll(
    /<textarea[^>]*name="([^"]*)"[^>]*>(.*?)<\/textarea>/gs,
  )) {
    // prettier-ignore
    fields[name] = text.replaceAll("&quot;", '"').replaceAll("&amp;", "&").replaceAll("&#39;", "'").trim(); // prettier-ignore
  }
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? "";
  return post(action, { ...fields, ...change });
}

const sendJson = (kind: string, policy: unknown, base = "1") =>
  post(`/policy/${kind}/tries`, { base, as: "json", json: JSON.stringify(policy) });

const placeOf = (answer: Response): string => {
  expect(answer.status).toBe(303);
  return answer.headers.get("location") ?? "";
};

async function publishAt(place: string, digest?: string) {
  const shown = /name="digest" value="([^"]*)"/.exec(await read(place))?.[1];
  return post(`${place}/publish`, { digest: digest ?? shown ?? "" });
}

test("GLD1 a rule is changed in the form, tried, looked at, published, and its run is shown to its end", async () => {
  await central.post("/v1/intake/fragments", fragmentsOf(crowd(4)));
  const place = placeOf(await sendForm("/policy/survivorship", { "givenName.strategy": "oldest" }));
  await central.tried();
  const found = await read(place);
  expect(found).toMatch(/Given name · rule.*said last.*said first/s);
  expect(found).toMatch(/Golden records that would change.*?<strong>4/s);
  expect(found).toMatch(/Given name.*2 customers.*2 customers/s);
  // Names may be seen by who reads customers, and stand nowhere in the table of tries.
  expect(found).toMatch(/Jo 1.*Joanna 1/s);
  const kept = await rowsOf(central.storage, "select policy, tally from policy_try");
  expect(JSON.stringify(kept)).not.toMatch(/Joanna/);
  expect(await read("/policy/survivorship")).toContain("Version 1, which Regulars comes with");
  expect(placeOf(await publishAt(place))).toBe("/policy/survivorship");
  await central.settled();
  const page = await read("/policy/survivorship");
  expect(page).toMatch(/Version 2, published by admin-p_\S+ on 21 Nov 2026/);
  expect(page).toContain("The value said first");
  expect((await (await central.get("/v1/policy", PERSON)).json()) as object).toMatchObject({ policy: OLDEST }); // prettier-ignore
  const version = await read("/policy/survivorship/versions/2");
  expect(version).toMatch(/Given name · rule.*said last.*said first/s);
  const audit = await rowsOf(central.storage, "select action, target from audit order by n");
  expect(audit).toEqual([
    { action: "policy.try", target: "survivorship/2" },
    { action: "policy.publish", target: "survivorship/2" },
  ]);
  expect(central.errors).toEqual([]);
});

test("GLD1 what contradicts itself is refused in words, and what was entered stays in the form", async () => {
  await central.post("/v1/intake/fragments", fragmentsOf(crowd(1)));
  const { storage } = central;
  await storage.write(
    ["web", "till-1"].map((source) => ({
      sql: `insert into writer (source, epoch, store, journaled, head_hash, golden, published, last_seen_ms)
            values (?, 1, 's', 0, '', 0, 0, 0)`,
      args: [source],
    })),
  );
  const cases: [Record<string, string>, string][] = [
    [{ "givenName.group": "name", "familyName.group": "name", "familyName.strategy": "oldest" }, "Family name has a rule of its own, and wins together with Given name"], // prettier-ignore
    [{ "email.group": "mail" }, "The group mail has one field only"],
    [{ "email.strategy": "source_priority" }, "no order of sources is given"],
    [{ "email.strategy": "longest", "email.skip": "web, till-" }, "none of the 2 sources that there are may win"],
    [{ "fallback.priority": "web", "fallback.strategy": "source_priority", "fallback.skip": "we" }, "stands in the order of sources, and never wins"],
    [{ "email.strategy": "best" }, "fields.email.strategy must be one of"],
  ]; // prettier-ignore
  for (const [change, words] of cases) {
    const answer = await sendForm("/policy/survivorship", change);
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(text).toContain(words);
    expect(text).toContain("Nothing was changed");
  }
  const kept = await (await sendForm("/policy/survivorship", { "email.group": "mail" })).text();
  expect(kept).toContain('name="email.group" value="mail"');
  expect(await rowsOf(storage, "select n from policy_try")).toEqual([]);
});

test("who publishes second is told who was first, and nothing is overwritten", async () => {
  const [mine, theirs] = [
    placeOf(await sendJson("survivorship", OLDEST)),
    placeOf(await sendJson("survivorship", { ...OLDEST, fallback: { strategy: "longest" } })),
  ];
  await central.tried();
  expect((await publishAt(mine)).status).toBe(303);
  const digest = /"digest":"(\w+)"/.exec(JSON.stringify(await rowsOf(central.storage, "select digest from policy_try where n = 2")))?.[1]; // prettier-ignore
  const second = await publishAt(theirs, digest);
  expect(second.status).toBe(409);
  expect(await second.text()).toMatch(/Nothing was published.*Version 2, published by admin/s);
  const late = await sendJson("survivorship", OLDEST, "1");
  expect(late.status).toBe(409);
  expect((await publishAt(mine, digest)).status).toBe(409);
  expect(await rowsOf(central.storage, "select version from policy")).toEqual([{ version: 2 }]);
});

test("only what was tried to the end is published, to the letter", async () => {
  const place = placeOf(await sendJson("survivorship", OLDEST));
  await central.tried();
  const other = await publishAt(place, "0".repeat(64));
  expect(other.status).toBe(409);
  expect(await other.text()).toContain("This is not the policy that was tried");
  await central.storage.write([{ sql: "update policy_try set state = 'running'" }]);
  const early = await post(`${place}/publish`, { digest: "x" });
  expect(await early.text()).toContain("not tried to the end yet");
  placeOf(await post(`${place}/stop`, {}));
  expect(await read(place)).toContain("It was stopped");
  expect(await rowsOf(central.storage, "select version from policy")).toEqual([]);
});

test("a dry run that was cut off goes on where it was and finds the same", async () => {
  await central.post("/v1/intake/fragments", fragmentsOf(crowd(70)));
  const whole = placeOf(await sendJson("survivorship", OLDEST));
  await central.tried();
  const [first] = await rowsOf(central.storage, "select tally, done from policy_try where n = 1");
  expect(first).toMatchObject({ done: 70 });
  // As a process leaves it that is killed after its first page.
  const options = { samples: 20, values: false };
  const page = await dryRunPage(
    central.storage,
    OLDEST,
    { after: "", tally: NOTHING_FOUND },
    options,
  );
  expect(page.tally.customers).toBe(50);
  await central.storage.write([
    {
      sql: `insert into policy_try (kind, digest, policy, base, state, cursor, done, total, tally, "by", started_ms)
            select kind, digest, policy, base, 'running', ?, 50, total, ?, "by", started_ms from policy_try`,
      args: [page.last, JSON.stringify(page.tally)],
    },
  ]);
  await central.tried();
  const [second] = await rowsOf(central.storage, "select tally, done from policy_try where n = 2");
  expect(second).toEqual(first);
  expect(await read(whole)).toMatch(/Customers looked at.*?<strong>70/s);
});

test("IDN3 what a matching policy would join and part is found before it is published", async () => {
  const [card, phone, mail] = [keyOf("loyalty", "1"), keyOf("phone", "+441632960001"), keyOf("email", "a@example.com")]; // prettier-ignore
  const one = createTill("till-1").claim({ givenName: "Ann" }, [card, phone]);
  const two = createTill("till-2").claim({ givenName: "Ann" }, [mail, phone]);
  await central.post("/v1/intake/fragments", fragmentsOf([one.fragment!, two.fragment!]));
  const active = () => rowsOf(central.storage, "select id from customer where redirect_to is null");
  expect(await active()).toHaveLength(1);
  const place = placeOf(await sendForm("/policy/matching", { "phone.strength": "0" }));
  await central.tried();
  expect(await read(place)).toMatch(/would be parted.*?<strong>1</s);
  expect(await active()).toHaveLength(1);
  placeOf(await publishAt(place));
  await central.resolved();
  expect(await active()).toHaveLength(2);
  const back = placeOf(await sendForm("/policy/matching", { "phone.strength": "1" }));
  await central.tried();
  expect(await read(back)).toMatch(/would be joined.*?<strong>1</s);
  placeOf(await publishAt(back));
  await central.resolved();
  expect(await active()).toHaveLength(1);
  expect(central.errors).toEqual([]);
});

test("IDN3 matching rules that contradict themselves are refused in words", async () => {
  const cases: [Record<string, string>, string][] = [
    [{ "loyalty.values": "3" }, "a person has one for life, and may have 3"],
    [{ "loyalty.strength": "0" }, "it proves nothing, and tells two people apart"],
    [{ "email.blocked": ".*" }, "fits an ordinary value"],
    [{ "email.blocked": "(" }, "is not a regular expression"],
    [{ clusterMax: "1" }, "clusterMax must be at least 2"],
  ];
  for (const [change, words] of cases) {
    const answer = await sendForm("/policy/matching", change);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(words);
  }
  const unknown = await sendJson("matching", { ...DEFAULT_MATCHING_POLICY, keys: { face: DEFAULT_MATCHING_POLICY.keys["email"] } }); // prettier-ignore
  expect(await unknown.text()).toContain("A kind of key is not known here");
  // What Regulars comes with is no contradiction.
  placeOf(await sendForm("/policy/matching", {}));
  placeOf(await sendForm("/policy/survivorship", {}));
  placeOf(await sendForm("/policy/quality", {}));
});

test("required fields and thresholds are a policy as well: tried with the figures of now, then in force", async () => {
  await central.storage.write([
    { sql: "insert into quality_day values ('2026-11-20', 'accepted', 'web', 95, 100)" },
    { sql: "insert into quality_day values ('2026-11-20', 'field', 'web/phone', 10, 100)" },
  ]);
  const place = placeOf(
    await sendForm("/policy/quality", {
      accepted: "90",
      "till.payment": "80",
      "web.phone": "50",
    }),
  );
  await central.tried();
  expect(await read(place)).toMatch(/new.*Web shop · Phone: 10.0%.*no longer.*Web shop: 5 rows of 100/s); // prettier-ignore
  placeOf(await publishAt(place));
  expect(await read("/quality")).toMatch(/Web shop · Phone: 10.0% of the last 7 days/);
  const refused = await sendForm("/policy/quality", { accepted: "90", "web.phone": "95" });
  expect(await refused.text()).toContain("only 90% of it have to be of use at all");
});

test("a policy leaves and comes back as a file", async () => {
  const file = await admin.get("/policy/survivorship/versions/1.json");
  expect(file.headers.get("content-disposition")).toContain("survivorship-1.json");
  const form = new FormData();
  form.set("base", "1");
  form.set("as", "json");
  form.set("json", "ignored");
  form.set("file", new File([await file.text()], "policy.json"));
  form.set("csrf", admin.csrf);
  const request = { method: "POST", headers: admin.headers, body: form };
  placeOf(await central.app.request("/policy/survivorship/tries", request));
  const broken = await post("/policy/survivorship/tries", { base: "1", as: "json", json: "{" });
  expect(broken.status).toBe(422);
  expect(await broken.text()).toContain("it cannot be read as JSON");
  for (const path of ["/policy/survivorship/versions/9", "/policy/survivorship/tries/9"]) {
    expect((await admin.get(path)).status).toBe(404);
  }
});
