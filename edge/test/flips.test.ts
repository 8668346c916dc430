/** One bit turned round, wherever it is: on the way to the edge, and on its disk. */
import { reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { customerIdOf } from "@regulars/shared/ids";
import { problemSchema } from "@regulars/shared/problem";
import { pushSchema } from "@regulars/shared/protocol/push";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { createProfileShard } from "../src/profile/shard.ts";
import { readBody } from "../src/read-body.ts";
import { createDurableStorage } from "../src/storage.ts";
import { profileStubOf } from "../src/stubs.ts";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { everyFlip } from "../../test/fuzz/bend.ts";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { insist } from "../../test/fuzz/insist.ts";
import { tillToken } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const anna = keysOf({ loyaltyNumber: "4711" });
const customer = customerIdOf(anna[0]!);

test("SYN5: every bit of a push that is turned round on its way is noticed at the border", async () => {
  const till = openTill("till-1", "flips");
  const text = JSON.stringify(till.push([till.capture([], sale(100))]));
  const digest = contentDigestOf(text);
  const request = (body: Uint8Array<ArrayBuffer>) =>
    new Request("https://edge.test/v1/push", {
      method: "POST",
      body,
      headers: { [CONTENT_DIGEST]: digest },
    });
  const bytes = Uint8Array.from(new TextEncoder().encode(text));
  let flips = 0;
  for (const bent of everyFlip(bytes)) {
    flips += 1;
    const read = await readBody(request(bent), pushSchema);
    insist(!read.ok, `flip ${flips}`);
  }
  expect(flips).toBe(bytes.length * 8);
  expect((await readBody(request(bytes), pushSchema)).ok).toBe(true);
});

test("SYN5: every byte of a push that is bent on its way is answered with a code, and nothing of it is taken", async () => {
  const till = openTill("till-1", "flips");
  const text = JSON.stringify(till.push([till.capture(anna, sale(100))]));
  const digest = contentDigestOf(text);
  const token = await tillToken("till-1", "flips");
  let at = 0;
  for (const bent of everyFlip(new TextEncoder().encode(text))) {
    if (at++ % 9 !== 0) continue; // each byte once, each time another bit
    const headers = { authorization: `Bearer ${token}`, [CONTENT_DIGEST]: digest };
    // One store sends hundreds of messages a second here, and is asked to wait now and then.
    const answer = await until(
      () =>
        exports.default.fetch("https://edge.test/v1/push", { method: "POST", body: bent, headers }),
      ({ status }) => status !== 429,
    );
    const { reason } = problemSchema.parse(await answer.json());
    expect(["malformed_json", "damaged_body", "unsupported_protocol"]).toContain(reason);
  }
  expect((await pullAll("flips", "till-1")).marks.accepted).toBe(0);
});

test("SYN5: every bit of a stored fragment that is turned round is noticed before anything is built on it", async () => {
  const till = openTill("till-1", "rot");
  await inbox("rot").push(till.push([till.capture(anna, sale(100))]));
  await until(
    () => pullAll("rot", "till-1"),
    ({ marks }) => marks.merged === 1,
  );
  const [next] = till.capture(anna, sale(200)).updates;
  const update = { ...next!, customer, source: "till-1", epoch: 1, store: "rot" };
  await runInDurableObject(profileStubOf(env, customer), async (_object, { storage }) => {
    const write = (state: Uint8Array<ArrayBuffer>) =>
      storage.sql.exec("update fragment set state = ?", state);
    const read = () => storage.sql.exec("select json from profile").one()["json"];
    const [row] = storage.sql.exec("select state from fragment").toArray();
    const state = new Uint8Array(row!["state"] as ArrayBuffer);
    const before = read();
    let flips = 0;
    for (const bent of everyFlip(state)) {
      flips += 1;
      write(bent);
      const [merged] = await freshShard(storage).merge([update]);
      insist(merged?.outcome === "refused" && merged.code === "gap", `flip ${flips}`);
      insist(read() === before, `flip ${flips} changed the profile`);
    }
    expect(flips).toBe(state.length * 8);
    write(state);
    expect(await freshShard(storage).merge([update])).toEqual([{ outcome: "merged" }]);
  });
});

/** Without anything in memory, and without rounds in the background. */
const freshShard = (storage: DurableObjectStorage) =>
  createProfileShard({
    storage: createDurableStorage(storage),
    policy: DEFAULT_POLICY,
    quietNoticeMs: 0,
    onChanged: () => undefined,
    onError: () => undefined,
    stores: { changed: () => new Promise(() => undefined), need: () => Promise.resolve() },
    central: { fragments: () => new Promise(() => undefined) },
    setAlarm: () => Promise.resolve(),
    nowMs: () => Date.now(),
    wait: () => new Promise(() => undefined),
    random: () => 0,
  });
