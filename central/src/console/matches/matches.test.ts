/** The queue over HTTP: one pair after another, two people at once, and everything taken back again. */
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { takeFragments } from "../../intake/take-fragments.ts";
import { readPotentialMatches } from "../../steward/potential-matches.ts";
import { openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { type Desk, formIn, ILYA, MARA, openDesk, personOf } from "../../testing/desk.ts";
import { populationOf } from "../../testing/population.ts";
import { stateOf } from "../../testing/state.ts";
import { createTill, fragmentsOf, keyOf, START_MS } from "../../testing/till.ts";

const [card, other] = [keyOf("loyalty", "1001"), keyOf("loyalty", "1002")];
const phone = keyOf("phone", "+441632960001");
const HX = { "hx-request": "true" };

let central: TestApp;
let desk: Desk;
let nowMs = 0;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(async () => {
  await emptyDatabase(central.storage);
  nowMs = Date.UTC(2026, 10, 21, 12, 40);
  desk = openDesk(central, () => nowMs);
});

const said = (givenName: string, birthDate: string) => ({ givenName, familyName: "Attwood", birthDate, phone: "+441632960001" }); // prettier-ignore

/** Mother and child, each with a card, at one phone. */
async function household(): Promise<string> {
  const till = createTill("till-1");
  const fragments = [
    till.claim(said("Margaret", "1970-02-03"), [card, phone], START_MS).fragment!,
    till.claim(said("Oliver", "2001-11-19"), [other, phone], START_MS + 1).fragment!,
  ];
  await central.post("/v1/intake/fragments", fragmentsOf(fragments));
  const pair = [customerIdOf(card), customerIdOf(other)].toSorted();
  return `/matches/${pair.join("/")}`;
}

async function crowd(records = 60): Promise<number> {
  const people = populationOf({ records, seed: 3, sharedPhone: 8 });
  await central.intake.alone((rules) =>
    takeFragments(central.storage, { records: people, refused: [] }, rules, 7),
  );
  return (await readPotentialMatches(central.storage, { after: null, limit: 1 })).count;
}

const pairIn = (text: string): string => /action="(\/matches\/c[\w-]+\/c[\w-]+)"/.exec(text)?.[1] ?? ""; // prettier-ignore
const leftIn = (text: string): number => Number(/>(\d+) pairs? left/.exec(text)?.[1] ?? 0);
const decisions = () =>
  rowsOf(central.storage, "select kind, decided_by, undone_by from steward_decision order by n");

test("IDN5 a pair is shown side by side with what differs in words, why it is asked, and contact data masked", async () => {
  const base = await household();
  const { text } = await desk.get("/matches");
  expect(pairIn(text)).toBe(base);
  expect(leftIn(text)).toBe(1);
  expect(text).toContain("They may be two people of one household");
  for (const words of ["≠", "differs", "the same", "one customer from +3.0"]) {
    expect(text).toContain(words);
  }
  expect(text).not.toMatch(/632960001|1970-02-03|2001-11-19/);
  const shown = await desk.post(`${base}/reveal`, {}, MARA, HX);
  expect(shown.text).toContain("+441632960001");
  expect(shown.text).not.toContain("<html");
  const audit = await rowsOf(
    central.storage,
    "select by, action, target from audit order by target",
  );
  expect(audit).toEqual(
    [customerIdOf(card), customerIdOf(other)]
      .toSorted()
      .map((target) => ({ by: "p-mara", action: "customers.reveal", target })),
  );
});

test("IDN6 same, different, later and undo: each answers with the next pair, and what is undone is as it was", async () => {
  const count = await crowd();
  expect(count).toBeGreaterThan(4);
  const before = await stateOf(central.storage);
  let { text } = await desk.get("/matches");
  const seen: string[] = [];
  for (const verdict of ["later", "different", "same"]) {
    const base = pairIn(text);
    seen.push(base);
    const answer = await desk.post(base, { ...formIn(text, base), verdict }, MARA, HX);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain("<html");
    text = answer.text;
  }
  expect(new Set([...seen, pairIn(text)]).size).toBe(4);
  expect(leftIn(text)).toBeLessThan(count - 1);
  expect(await decisions()).toMatchObject([
    { kind: "different", decided_by: "Mara" },
    { kind: "same", decided_by: "Mara" },
  ]);
  const undone = await desk.post("/matches/undo", formIn(text, "/matches/undo"), MARA, HX);
  expect(pairIn(undone.text)).toBe(seen[2]);
  expect(undone.text).toContain("Taken back");
  const [first] = await rowsOf(central.storage, "select id from steward_decision order by n");
  await desk.post("/matches/undo", { decision: String(first?.["id"]) });
  expect(await stateOf(central.storage)).toEqual(before);
  const audit = await rowsOf(central.storage, "select by, action from audit");
  expect(audit).toEqual(
    Array.from({ length: 4 }, () => ({ by: "p-mara", action: "matches.decide" })),
  );
});

test("the next pair is there before the verdict, as it will be shown, and nobody counts as looking at it", async () => {
  await crowd();
  const { text } = await desk.get("/matches");
  const path = /hx-get="(\/matches\/ahead[^"]+)"/.exec(text)?.[1] ?? "";
  const ahead = await desk.get(path, MARA, HX);
  const base = pairIn(text);
  const answer = await desk.post(base, { ...formIn(text, base), verdict: "later" }, MARA, HX);
  expect(ahead.text).toContain('<table class="twins">');
  expect(answer.text).toContain(ahead.text);
  expect(ahead.text).not.toContain("<form");
  await desk.get(path, ILYA, HX);
  expect((await desk.get(pairIn(answer.text), MARA)).text).not.toContain("is looking at this pair");
});

test("without scripts a verdict leads to the page of the next pair, which offers to undo it", async () => {
  await crowd();
  const { text } = await desk.get("/matches");
  const base = pairIn(text);
  const answer = await desk.post(base, { ...formIn(text, base), verdict: "different" });
  expect(answer.status).toBe(303);
  const next = await desk.get(answer.location ?? "");
  expect(next.text).toContain("<html");
  expect(next.text).toContain("you called them different people");
  expect(pairIn(next.text)).not.toBe(base);
  // Somebody else's last decision is not this person's to be asked about.
  expect((await desk.get(answer.location ?? "", ILYA)).text).not.toContain("you called them");
});

test("two people on one pair: each is told of the other, the second verdict is refused in words, and nothing is overwritten", async () => {
  const base = await household();
  const mara = await desk.get(base, MARA);
  const ilya = await desk.get(base, ILYA);
  expect(mara.text).not.toContain("is looking at this pair");
  expect(ilya.text).toContain("<strong>Mara</strong> is looking at this pair");
  expect((await desk.get("/matches/list", ILYA)).text).toContain("Mara is looking at it");
  expect((await desk.post(base, { ...formIn(mara.text, base), verdict: "different" }, MARA)).status).toBe(303); // prettier-ignore
  const late = await desk.post(base, { ...formIn(ilya.text, base), verdict: "same" }, ILYA, HX);
  expect(late.status).toBe(409);
  expect(late.text).toContain("Mara has called them different people, at 12:40");
  expect(late.text).toContain("What you decided was not written");
  expect(await decisions()).toEqual([{ kind: "different", decided_by: "Mara", undone_by: null }]);
  // Who has seen what Mara said may say otherwise.
  const again = await desk.get(base, ILYA);
  expect((await desk.post(base, { ...formIn(again.text, base), verdict: "same" }, ILYA)).status).toBe(303); // prettier-ignore
});

test("whose pair has become one customer is told by whom, and goes on with the next", async () => {
  await crowd();
  const { text } = await desk.get("/matches", MARA);
  const base = pairIn(text);
  const ilya = await desk.get(base, ILYA);
  await desk.post(base, { ...formIn(text, base), verdict: "same" }, MARA);
  const late = await desk.post(base, { ...formIn(ilya.text, base), verdict: "different" }, ILYA, HX); // prettier-ignore
  expect(late.status).toBe(409);
  expect(late.text).toContain("Mara has called them the same person, at 12:40. They are one customer now."); // prettier-ignore
  expect(pairIn(late.text)).not.toBe(base);
  expect((await desk.get(base, ILYA)).status).toBe(409);
});

test("a verdict sent twice is one decision, and a pair about which something arrived meanwhile is looked at again", async () => {
  const base = await household();
  const { text } = await desk.get(base);
  const form = formIn(text, base);
  const more = createTill("till-2").claim({ givenName: "Maggie" }, [card], START_MS + 9);
  await central.post("/v1/intake/fragments", fragmentsOf([more.fragment!]));
  const late = await desk.post(base, { ...form, verdict: "same" });
  expect(late.status).toBe(409);
  expect(late.text).toContain("Something new has arrived about them");
  expect(await decisions()).toEqual([]);
  // The answer is the pair as it is now, to be decided by it.
  const fresh = { ...formIn(late.text, base), verdict: "same" };
  for (const _ of [1, 2]) expect((await desk.post(base, fresh)).status).toBe(303);
  expect(await decisions()).toHaveLength(1);
  expect(await rowsOf(central.storage, "select n from audit")).toHaveLength(1);
});

test("a sale that comes while somebody looks is no reason to look again", async () => {
  const base = await household();
  const { text } = await desk.get(base);
  const sale = createTill("till-1", { epoch: 2 });
  const sold = [sale.sale(500, [card]).fragment!, sale.sale(500, [card]).fragment!];
  await central.post("/v1/intake/fragments", fragmentsOf(sold.slice(0, 1)));
  const seen = await desk.get(base);
  await central.post("/v1/intake/fragments", fragmentsOf(sold.slice(1)));
  expect(formIn(seen.text, base)["seen"]).not.toBe(formIn(text, base)["seen"]);
  expect((await desk.post(base, { ...formIn(seen.text, base), verdict: "different" })).status).toBe(303); // prettier-ignore
});

test("the queue offers what nobody else is at, and again after whoever was has left", async () => {
  await crowd();
  const mara = pairIn((await desk.get("/matches", MARA)).text);
  const ilya = pairIn((await desk.get("/matches", ILYA)).text);
  expect(ilya).not.toBe(mara);
  expect(pairIn((await desk.get("/matches", personOf("Noor", "steward"))).text)).not.toBe(mara);
  nowMs += LIMITS.matchLookMs;
  expect(pairIn((await desk.get("/matches", ILYA)).text)).toBe(mara);
});

test("the list of pairs and its file hold the whole queue, page by page", async () => {
  const count = await crowd(120);
  const file = (await desk.get("/matches/list?csv=queue")).text;
  expect(file.trim().split("\r\n")).toHaveLength(count + 1);
  const seen: string[] = [];
  for (let path = "/matches/list"; path !== "";) {
    const { text } = await desk.get(path);
    seen.push(...[...text.matchAll(/href="(\/matches\/c[\w-]+\/c[\w-]+)"/g)].map(([, each = ""]) => each)); // prettier-ignore
    path = /<a href="(\/matches\/list\?after=[^"]+)">Next/.exec(text)?.[1] ?? "";
  }
  expect(new Set(seen).size).toBe(count);
  expect(seen).toHaveLength(count);
  // Whoever may look may not carry it away by that alone.
  const looker = personOf("Lea", "privacy");
  expect((await desk.get("/matches/list?csv=queue", looker)).status).toBe(403);
});

test("SEC2 addresses and refusals of the queue name nobody", async () => {
  const base = await household();
  const { text } = await desk.get(base);
  const bad = [
    { ...formIn(text, base), verdict: "perhaps" },
    { ...formIn(text, base), verdict: "same", seen: "Margaret" },
    { ...formIn(text, base), verdict: "same", after: "Margaret~1" },
  ];
  for (const form of bad) {
    const answer = await desk.post(base, form);
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain("Margaret");
  }
  expect((await desk.post(`/matches/${"c".repeat(9)}/x`, {})).status).toBe(422);
  expect((await desk.post("/matches/undo", { decision: "none" })).status).toBe(404);
  const answer = await desk.post(base, { ...formIn(text, base), verdict: "later" });
  expect(decodeURIComponent(answer.location ?? "")).toMatch(/^\/matches(\?after=[\d.]+~c[\w-]+~c[\w-]+)?$/); // prettier-ignore
  expect(await decisions()).toEqual([]);
});
