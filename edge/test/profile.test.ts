import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { customerIdOf } from "@regulars/shared/ids";
import type { Decision } from "@regulars/shared/protocol/publish";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { applyDecisions } from "../src/publish/apply-decisions.ts";
import { wholeEdge } from "../src/whole-edge.ts";
import * as serve from "../src/serve/read-profile.ts";
import { createShardedDirectory } from "../src/directory/sharded.ts";
import { profileStubOf } from "../src/stubs.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const [card = ""] = keysOf({ loyaltyNumber: "4711" });
const [email = ""] = keysOf({ email: "anna@example.com" });
const byCard = customerIdOf(card);
const byEmail = customerIdOf(email);

const mark = (golden: number): Decision => ({
  kind: "mark",
  store: "two",
  source: "till-2",
  epoch: 1,
  golden,
});

const golden = (customer: string, version: number): Decision => ({
  kind: "golden",
  customer,
  version,
});

async function readProfile(_env: typeof env, customer: string) {
  const found = await serve.readProfile(env, customer);
  return found ? profileSchema.parse(JSON.parse(found.json)) : null;
}

type Claims = Extract<RegularsEvent, { kind: "claim" }>["body"]["claims"];
const claim = (claims: Claims) => ({ kind: "claim" as const, body: { claims } });
const merged = (store: string, source: string, seq: number) =>
  until(
    () => pullAll(store, source),
    ({ marks }) => marks.merged >= seq,
  );

/** Anna by card in one store, by e-mail in another: two customers until the centre knows better. */
async function twoCustomers() {
  const one = openTill("till-1", "one");
  const two = openTill("till-2", "two");
  await inbox("one").push(one.push([one.capture([card], sale(100))]));
  await inbox("two").push(
    two.push([two.capture([email], sale(50)), two.capture([email], claim({ givenName: "Anna" }))]),
  );
  await merged("one", "till-1", 1);
  await merged("two", "till-2", 2);
  return { one, two };
}

test("EDG1: a key that nobody holds is bound to the customer it arrived with, a held one stays", async () => {
  const till = openTill("till-1", "bind");
  await inbox("bind").push(till.push([till.capture([card], sale(100))]));
  await merged("bind", "till-1", 1);
  await inbox("bind").push(till.push([till.capture([card, email], claim({ givenName: "Anna" }))]));
  await merged("bind", "till-1", 2);
  const held = await createShardedDirectory(env).lookup([card, email]);
  expect(Object.fromEntries(held)).toEqual({ [card]: byCard, [email]: byCard });
});

test("IDN7: after a redirect both ids answer with one profile that holds what both had", async () => {
  await twoCustomers();
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: byEmail, to: byCard }]);
  const profile = await readProfile(env, byEmail);
  expect(profile).toMatchObject({
    customer: byCard,
    totals: { GBP: { sales: 2, minor: 150 } },
    fields: { givenName: { value: "Anna" } },
  });
  expect(await readProfile(env, byCard)).toEqual(profile);
  const held = await createShardedDirectory(env).lookup([email]);
  expect(held.get(email)).toBe(byCard);
});

test("SYN2: a decision that is applied again, or was stopped half-way, changes nothing more", async () => {
  await twoCustomers();
  // Stopped after the first step: the fragments have left, and have not arrived.
  await profileStubOf(env, byEmail).leave(byEmail, "", byCard);
  const decision: Decision = { kind: "redirect", from: byEmail, to: byCard };
  await applyDecisions(wholeEdge(env), [decision]);
  const once = await readProfile(env, byCard);
  await applyDecisions(wholeEdge(env), [decision]);
  expect(await readProfile(env, byCard)).toEqual(once);
  expect(once?.totals).toEqual({ GBP: { sales: 2, returns: 0, minor: 150 } });
});

test("SYN4: a sale that arrives while its customer is moved waits for the move and is not lost", async () => {
  const { two } = await twoCustomers();
  await profileStubOf(env, byEmail).leave(byEmail, "", byCard);
  await inbox("two").push(two.push([two.capture([email], sale(7))]));
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: byEmail, to: byCard }]);
  await merged("two", "till-2", 3);
  const profile = await readProfile(env, byCard);
  expect(profile?.totals).toEqual({ GBP: { sales: 3, returns: 0, minor: 157 } });
});

test("IDN7: both stores learn that the customer lives on under the other id", async () => {
  await twoCustomers();
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: byEmail, to: byCard }]);
  const { changes } = await until(
    () => pullAll("two", "till-2"),
    (page) => page.changes.some((change) => "redirect" in change) && page.changes.length === 2,
  );
  expect(changes).toContainEqual({ customer: byEmail, redirect: byCard });
  expect(changes).toContainEqual({
    profile: expect.objectContaining({ customer: byCard }) as unknown,
  });
});

test("EDG1: a key that the centre gives to another customer takes its fragments along", async () => {
  const till = openTill("till-1", "assign");
  await inbox("assign").push(
    till.push([till.capture([card, email], sale(100)), till.capture([email], sale(30))]),
  );
  await merged("assign", "till-1", 2);
  expect((await readProfile(env, byCard))?.totals["GBP"]?.minor).toBe(130);
  await applyDecisions(wholeEdge(env), [{ kind: "assign", key: email, from: byCard, to: byEmail }]);
  expect((await readProfile(env, byCard))?.totals["GBP"]?.minor).toBe(100);
  expect((await readProfile(env, byEmail))?.totals["GBP"]?.minor).toBe(30);
  await inbox("assign").push(till.push([till.capture([email], sale(5))]));
  await merged("assign", "till-1", 3);
  expect((await readProfile(env, byEmail))?.totals["GBP"]?.minor).toBe(35);
  // And back again: the decision can be undone.
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: byEmail, to: byCard }]);
  expect((await readProfile(env, byEmail))?.totals["GBP"]?.minor).toBe(135);
});

test("EDG3: a profile is read as it was stored, also when its documents cannot be opened", async () => {
  await twoCustomers();
  const before = await readProfile(env, byCard);
  await runInDurableObject(profileStubOf(env, byCard), (_object, state) => {
    state.storage.sql.exec("update fragment set state = x'00', contribution = 'spoilt'");
  });
  expect(await readProfile(env, byCard)).toEqual(before);
});

test("SYN2: a golden version is told once, and an older one never replaces a newer", async () => {
  await twoCustomers();
  await applyDecisions(wholeEdge(env), [golden(byCard, 2)]);
  const told = await readProfile(env, byCard);
  expect(told?.golden).toBe(2);
  await applyDecisions(wholeEdge(env), [golden(byCard, 2), golden(byCard, 1)]);
  expect(await readProfile(env, byCard)).toEqual(told);
});

test("SYN2: a golden version that comes late, or twice, is never taken for that of who the customer is by now", async () => {
  await twoCustomers();
  const ofLoser = golden(byEmail, 7);
  const redirect: Decision = { kind: "redirect", from: byEmail, to: byCard };
  await applyDecisions(wholeEdge(env), [redirect, golden(byCard, 2)]);
  const told = await readProfile(env, byCard);
  await applyDecisions(wholeEdge(env), [ofLoser]);
  expect(await readProfile(env, byCard)).toEqual(told);
  // It is the loser's own, should that id come back.
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: byCard, to: byEmail }]);
  expect(await readProfile(env, byCard)).toMatchObject({ customer: byEmail, golden: 7 });
});

const marksNow = async () => (await pullAll("two", "till-2")).marks;
const rowsNow = () =>
  runInDurableObject(inbox("two"), (_object, state) =>
    state.storage.sql.exec("select body, hash from item").toArray(),
  );

test("SYN2: golden marks move forward only, and free the bodies that they cover some days later", async () => {
  await twoCustomers();
  await applyDecisions(wholeEdge(env), [mark(2)]);
  expect((await pullAll("two", "till-2")).marks, "not delivered yet").toMatchObject({ golden: 0 });
  await runInDurableObject(inbox("two"), (_object, state) => {
    state.storage.sql.exec("update mark set accepted = 2, delivered = 2, told = 2");
  });
  await evictDurableObject(inbox("two"));
  await applyDecisions(wholeEdge(env), [mark(2), mark(1)]);
  // Less than before is said by a centre that has come back from a backup: what follows is merged again.
  await expect.poll(marksNow).toEqual({ accepted: 2, merged: 2, golden: 2 });
  for (const { body } of await rowsNow()) expect(body).not.toBeNull();
  await runInDurableObject(inbox("two"), (_object, state) => {
    state.storage.sql.exec("update item set accepted_ms = accepted_ms - ?", LIMITS.goldenKeptMs);
  });
  await applyDecisions(wholeEdge(env), [mark(2)]);
  const rows = await rowsNow();
  expect(rows.map((row) => row["body"])).toEqual([null, null]);
  for (const { hash } of rows) expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test("IDN7: a redirect that is turned round leads to one profile again, never in a circle", async () => {
  await twoCustomers();
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: byEmail, to: byCard }]);
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: byCard, to: byEmail }]);
  const profile = await readProfile(env, byCard);
  expect(profile).toMatchObject({ customer: byEmail, totals: { GBP: { sales: 2, minor: 150 } } });
  const [third = ""] = keysOf({ phone: "020 7946 0018" });
  const unknown = customerIdOf(third);
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: unknown, to: byEmail }]);
  expect(await readProfile(env, unknown)).toEqual(await readProfile(env, byEmail));
});
