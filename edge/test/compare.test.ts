/** What the edge says of itself to whoever compares, through its routes. */
import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import {
  compareJournalAnswerSchema,
  compareProfilesAnswerSchema,
  mendAnswerSchema,
} from "@regulars/shared/compare/messages";
import { rowsDigest } from "@regulars/shared/compare/marks";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { customerIdOf, shardOf } from "@regulars/shared/ids";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { profileDigest, profileSchema } from "@regulars/shared/survivorship/profile";
import { readProfile } from "../src/serve/read-profile.ts";
import { profileStubOf } from "../src/stubs.ts";
import { CENTRE } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const [card = ""] = keysOf({ loyaltyNumber: "4711" });
const customer = customerIdOf(card);
const SHARDS = Number(env.PROFILE_SHARDS);

async function oneCustomer() {
  const till = openTill("till-1", "one");
  const items = [till.capture([card], sale(100)), till.capture([card], sale(50))];
  await inbox("one").push(till.push(items));
  await until(
    () => pullAll("one", "till-1"),
    ({ marks }) => marks.merged >= 2,
  );
  return items;
}

/** As the centre sends it, with its digest. */
async function post(path: string, message: object): Promise<Response> {
  const body = JSON.stringify({ ...THIS_VERSION, ...message });
  return exports.default.fetch(`https://edge.test/v1/compare/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${CENTRE}`, [CONTENT_DIGEST]: contentDigestOf(body) },
    body,
  });
}

async function ask(path: string, message: object): Promise<unknown> {
  const response = await post(path, message);
  expect(response.status).toBe(200);
  return response.json();
}
const about = async () =>
  compareProfilesAnswerSchema.parse(await ask("profiles", { customers: [customer] })).profiles[0];
const served = async () =>
  profileSchema.parse(JSON.parse((await readProfile(env, customer))!.json));
const alter = (sql: string) =>
  runInDurableObject(profileStubOf(env, customer), (_object, { storage }) => {
    storage.sql.exec(sql);
  });

test("GLD2: a shard names each of its customers once, with the digest of the profile that is served", async () => {
  await oneCustomer();
  const shard = shardOf(customer, SHARDS);
  const page = compareProfilesAnswerSchema.parse(await ask("profiles", { shard, after: "" }));
  expect(page).toMatchObject({
    shards: SHARDS,
    next: null,
    // The centre is away: its fragment waits.
    profiles: [{ customer, redirect: null, isShown: true, isQuiet: false }],
  });
  expect(page.profiles[0]?.digest).toBe(profileDigest(await served()));
  expect(page.profiles[0]).not.toHaveProperty("fragments");
  const after = compareProfilesAnswerSchema.parse(
    await ask("profiles", { shard, after: customer }),
  );
  expect(after.profiles).toEqual([]);
  const unknown = await post("profiles", { shard: SHARDS, after: "" });
  expect(unknown.status).toBe(422);
  await unknown.body?.cancel();
});

test.each([
  ["update profile set json = json_set(json, '$.totals.GBP.minor', 1)", "digest"],
  ["update profile set json = 'no json'", "digest"],
  ["update profile set view = view || '?'", "isShown"],
  ["update fragment set contribution = json_set(contribution, '$.seq', 9)", "marks"],
] as const)("GLD2: %s shows in the %s, and is mended from the documents", async (sql, shows) => {
  await oneCustomer();
  const [before, profile] = [await about(), await served()];
  await alter(sql);
  expect((await about())?.[shows]).not.toEqual(before?.[shows]);
  const mend = { customers: [{ customer, fragments: [] }] };
  await ask("mend", mend);
  const { digest, isShown, marks } = before!;
  expect(await about()).toMatchObject({ digest, isShown, marks });
  const mended = await served();
  expect({ ...mended, version: 0 }).toEqual({ ...profile, version: 0 });
  expect(mended.version).toBeGreaterThanOrEqual(profile.version);
  // Done again, it changes nothing.
  expect(mendAnswerSchema.parse(await ask("mend", mend)).rebuilt).toEqual([]);
  expect((await served()).version).toBe(mended.version);
});

test("GLD2: of a journal, what the centre has been handed is digested, and nothing else", async () => {
  const items = await oneCustomer();
  const range = { source: "till-1", epoch: 1, from: 1, to: 9 };
  const journal = async (withRows: boolean) =>
    compareJournalAnswerSchema.parse(
      await ask("journal", { store: "one", ranges: [range], withRows }),
    );
  expect(await journal(true)).toMatchObject({
    writers: [{ source: "till-1", epoch: 1, delivered: 0 }],
    ranges: [{ rows: 0, items: [] }],
  });
  await runInDurableObject(inbox("one"), (_object, { storage }) => {
    storage.sql.exec("update mark set delivered = 2, told = 2");
  });
  await evictDurableObject(inbox("one"));
  const digest = rowsDigest(items);
  expect((await journal(false)).ranges).toEqual([{ rows: 2, digest }]);
  const [listed] = (await journal(true)).ranges;
  expect(listed?.items?.map(({ seq, hash, body }) => ({ seq, hash, body }))).toEqual(
    items.map(({ seq, hash, body }) => ({ seq, hash, body })),
  );
});
