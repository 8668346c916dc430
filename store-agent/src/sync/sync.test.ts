import { identityKeyOf } from "@regulars/shared/identity/key";
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { createFakeEdge, profileAt } from "../../testing/fake-edge.ts";
import { IDENTITY, sale } from "../../testing/settings.ts";
import { journalOf, openTill } from "../../testing/till.ts";
import { loadLadder } from "./marks.ts";

const ada = { email: "ada@example.org", givenName: "Ada" };
const key = identityKeyOf("email", ada.email, IDENTITY.pepper);
const sent = { ok: true, value: { called: true, more: false, retryAfterMs: 0 } };
const idle = { ok: true, value: { called: false, more: false, retryAfterMs: 0 } };

test("SYN2 SYN9: rows go up in order with the bytes of the journal, and once more only when the answer was lost", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  expect(await till.sync.push()).toEqual(idle);
  for (let n = 0; n < 3; n++) await till.captured(sale({ customer: ada }));
  edge.losesAnswers = true;
  expect(await till.sync.push()).toMatchObject({ ok: false, reason: { code: "unreachable" } });
  edge.losesAnswers = false;
  expect(await till.sync.push()).toEqual(sent);
  expect(await till.sync.push()).toEqual(idle);
  const bodies = (await journalOf(till.storage)).map(({ body }) => body);
  expect(bodies).toHaveLength(4);
  expect(edge.items.map(({ body }) => body)).toEqual(bodies);
  expect(profileAt(edge, key, 1).totals["GBP"]?.sales).toBe(3);
});

test("SYN7: a batch stays under the server's bytes, and the server's pause is passed on", async () => {
  const edge = createFakeEdge();
  edge.pace = { maxBatchBytes: 3_000, retryAfterMs: 70 };
  const till = await openTill({ edge });
  for (let n = 0; n < 12; n++) await till.captured(sale());
  await till.sync.push();
  await till.captured(sale());
  for (let n = 0; n < 8; n++) await till.captured(sale());
  const step = await till.sync.push();
  expect(step).toEqual({ ok: true, value: { called: true, more: true, retryAfterMs: 70 } });
  while ((await till.sync.push()).ok && edge.items.length < 21);
  const sizes = edge.pushes.slice(1).map(({ items }) => JSON.stringify(items).length);
  expect(Math.max(...sizes)).toBeLessThan(3_100);
  expect(edge.items.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
});

test("SYN7: what is captured during a push waits for the next one, which is not begun at once", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale());
  const push = edge.push.bind(edge);
  edge.push = async (given) => {
    await till.captured(sale());
    return push(given);
  };
  expect(await till.sync.push()).toEqual(sent);
  expect(edge.items).toHaveLength(1);
  edge.push = push;
  expect(await till.sync.push()).toEqual(sent);
  expect(edge.items).toHaveLength(2);
});

test("SYN7: an item larger than the server's batch goes alone", async () => {
  const edge = createFakeEdge();
  edge.pace = { maxBatchBytes: 10, retryAfterMs: 0 };
  const till = await openTill({ edge });
  for (let n = 0; n < 3; n++) await till.captured(sale());
  await till.sync.push();
  await till.captured(sale());
  await till.captured(sale());
  await till.sync.push();
  await till.sync.push();
  expect(edge.pushes.map(({ items }) => items.length)).toEqual([3, 1, 1]);
});

test("SYN2: an edge that lost its disk gets everything again, also what was golden, and the same profile", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale({ customer: ada }));
  await till.captured(sale());
  await till.sync.push();
  edge.marks = { accepted: 3, merged: 3, golden: 3 };
  await till.sync.pull();
  await till.captured(sale({ customer: ada }));
  await till.sync.push();
  const before = profileAt(edge, key, 1);
  expect(await rowsOf(till.storage, "select seq from outbox")).toEqual([{ seq: 4 }]);

  edge.items.length = 0;
  edge.fragments.clear();
  edge.marks = { accepted: 0, merged: 0, golden: 0 };
  await till.captured(sale({ customer: ada }));
  expect(await till.sync.push()).toMatchObject({ ok: true, value: { more: true } });
  expect(await till.sync.push()).toEqual(sent);
  expect(edge.items).toHaveLength(5);
  expect(profileAt(edge, key, 1).totals["GBP"]).toEqual({ sales: 3, returns: 0, minor: 750 });
  expect(before.totals["GBP"]?.sales).toBe(2);
  expect((await loadLadder(till.storage, 1)).marks).toEqual({ accepted: 5, merged: 3, golden: 3 });
});

test("SYN7: a gap that asks for what was just sent is a failure to wait after, not a loop", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale());
  const push = edge.push.bind(edge);
  edge.push = async (message) => {
    const answer = await push({ ...message, items: [] });
    return answer.ok ? { ok: true, value: { ...answer.value, outcome: "gap" } } : answer;
  };
  expect(await till.sync.push()).toMatchObject({ ok: false, reason: { code: "malformed" } });
});

test("SYN8: profiles, marks and cursor of a page move in one write", async () => {
  const edge = createFakeEdge();
  let fails = false;
  const till = await openTill({
    edge,
    write: (statements, storage) =>
      fails ? Promise.reject(new Error("disk full")) : storage.write(statements),
  });
  await till.captured(sale({ customer: ada }));
  await till.sync.push();
  const profile = profileAt(edge, key, 3);
  const page = { changes: [{ profile }], marks: { accepted: 2, merged: 2, golden: 0 } };
  edge.changes.push(...page.changes);
  edge.marks = page.marks;
  fails = true;
  await expect(till.sync.pull()).rejects.toThrow("disk full");
  expect(await rowsOf(till.storage, "select * from profile")).toEqual([]);
  expect(await rowsOf(till.storage, "select * from setting where name = 'cursor'")).toEqual([]);
  expect((await loadLadder(till.storage, 1)).marks.merged).toBe(0);
  fails = false;
  edge.changes.push(...page.changes);
  await till.sync.pull();
  const [stored] = await rowsOf(
    till.storage,
    `select p.version, s.value, w.merged from profile p, setting s, writer w where s.name = 'cursor'`,
  );
  expect(stored).toEqual({ version: 3, value: "g1/2", merged: 2 });
});

test("SYN8: an older profile is old news, a redirect forgets the loser, a resync starts anew", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale({ customer: ada }));
  await till.sync.push();
  const newer = profileAt(edge, key, 5);
  const other = { ...newer, customer: customerIdOf(identityKeyOf("email", "b@example.org", "x")) };
  edge.changes.push({ profile: newer }, { profile: { ...other, keys: [] } });
  await till.sync.pull();
  edge.changes.push({ profile: { ...newer, version: 4, keys: [] } });
  await till.sync.pull();
  const versions = "select customer, version from profile order by customer";
  expect(await rowsOf(till.storage, versions)).toEqual(
    [newer, other]
      .map(({ customer, version }) => ({ customer, version }))
      .toSorted((a, b) => (a.customer < b.customer ? -1 : 1)),
  );
  edge.changes.push({ customer: other.customer, redirect: newer.customer });
  await till.sync.pull();
  expect(await rowsOf(till.storage, versions)).toEqual([{ customer: newer.customer, version: 5 }]);
  const holders =
    "select distinct holder from term where own = 0 union select holder from name where own = 0";
  expect(await rowsOf(till.storage, holders)).toEqual([{ holder: newer.customer }]);

  edge.resync = true;
  edge.changes.push({ profile: { ...other, version: 1 } });
  await till.sync.pull();
  expect(await rowsOf(till.storage, versions)).toEqual([{ customer: other.customer, version: 1 }]);
  expect(await rowsOf(till.storage, holders)).toEqual([{ holder: other.customer }]);
  expect(await till.lookup("ada@example.org")).not.toEqual([]);
});
