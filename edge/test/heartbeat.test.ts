/** A stream on which nothing happens says that it is there. */
import { createExecutionContext, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { customerIdOf } from "@regulars/shared/ids";
import { app } from "../src/app.ts";
import { settingsOf } from "../src/environment.ts";
import { createEventWriter } from "../src/serve/event-writer.ts";
import { CENTRE } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const BEAT = ": still here\n\n";

test("EDG3: a live stream on which nothing happens beats, at the pace that is set, until nobody reads", async () => {
  const [card = ""] = keysOf({ loyaltyNumber: "4711" });
  const till = openTill("till-1", "one");
  await inbox("one").push(till.push([till.capture([card], sale(100))]));
  await until(
    () => pullAll("one", "till-1"),
    ({ marks }) => marks.merged === 1,
  );
  const beatMs = 60;
  const response = await app.fetch(
    new Request(`https://edge.test/v1/customers/${customerIdOf(card)}/live`, {
      headers: { authorization: `Bearer ${CENTRE}` },
    }),
    { ...env, LIVE_BEAT_MS: String(beatMs) },
    createExecutionContext(),
  );
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("event: profile")) text += (await reader.read()).value;
  const atMs = [Date.now()];
  for (const _ of [1, 2, 3]) {
    expect((await reader.read()).value).toBe(BEAT);
    atMs.push(Date.now());
  }
  expect((atMs.at(-1) ?? 0) - (atMs[1] ?? 0)).toBeGreaterThanOrEqual(2 * beatMs - 10);
  await reader.cancel();
  // Proxies on the way end what is silent for half a minute.
  expect(settingsOf(env).LIVE_BEAT_MS).toBeLessThan(30_000);
});

test("EDG3: beats come at the pace that is set, between the words and never within one", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  let isGone = false;
  const onGone = (): void => void (isGone = true);
  const writer = createEventWriter(writable.getWriter(), { beatMs: 1, onGone });
  const reader = readable.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe(BEAT);
  writer.push("event: profile\ndata: 1\n\n", true);
  let text = "";
  while (!/data: 1\n\n(: still here\n\n)+$/.test(text)) text += (await reader.read()).value;
  expect(text.replaceAll(BEAT, "")).toBe("event: profile\ndata: 1\n\n");
  await reader.cancel();
  await until(
    () => Promise.resolve(isGone),
    (gone) => gone,
  );
});
