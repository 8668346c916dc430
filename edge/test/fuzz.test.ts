/** Malformed messages at the border of the edge: each has a coded answer and leaves no trace in a profile. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { problemSchema } from "@regulars/shared/problem";
import { publishAnswerSchema } from "@regulars/shared/protocol/publish";
import { pullAnswerSchema } from "@regulars/shared/protocol/pull";
import { pushAnswerSchema } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { replayAnswerSchema } from "@regulars/shared/quarantine";
import { z } from "zod";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { bendBytes, bendStructure, isMarked, MARK } from "../../test/fuzz/bend.ts";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { insist } from "../../test/fuzz/insist.ts";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { createRandom, type Random } from "../../test/simulate/random.ts";
import { CENTRE, tillToken } from "./callers.ts";
import { contentOf, drained, expectDelivery, foundOf, openCase, watchLogs } from "./fuzz.ts";
import { until } from "./settle.ts";

afterEach(() => reset());

const SEED = "edge-1";
/** On a machine with much else to do. */
const TIMEOUT_MS = 120_000;

/** How an edge may refuse a message; a 5xx is none of them. */
const REFUSALS = [
  "malformed_json", "damaged_body", "invalid_field", "too_large", "unsupported_protocol",
  "unknown_customer", "overloaded", "forbidden",
]; // prettier-ignore

interface Sent {
  readonly how: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** Null for none at all. */
  readonly digest: string | null;
  /** What arrives is not what was sent, and says so. */
  readonly isDamaged: boolean;
  readonly isHarmless: boolean;
}

async function bend(random: Random, text: string): Promise<Sent> {
  const bytes = new TextEncoder().encode(text);
  if (random.chance(0.5)) {
    const { how, text: body, isHarmless } = bendStructure(random, text);
    return { how, body, digest: contentDigestOf(body), isDamaged: false, isHarmless };
  }
  const { how, bytes: body } = bendBytes(random, bytes);
  const said = random.pick(["of the original", "of the bytes", null]);
  const isSame = new TextDecoder().decode(body) === text;
  const digest = said === "of the bytes" ? new TextDecoder().decode(body) : text;
  return {
    how: `${how}, digest ${said}`,
    body,
    digest: said && contentDigestOf(digest),
    isDamaged: said === "of the original" && !isSame,
    isHarmless: isSame && said !== null,
  };
}

async function post(path: string, token: string, sent: Pick<Sent, "body" | "digest">) {
  const send = () =>
    exports.default.fetch(`https://edge.test${path}`, {
      method: "POST",
      body: sent.body,
      headers: {
        authorization: `Bearer ${token}`,
        ...(sent.digest === null ? {} : { [CONTENT_DIGEST]: sent.digest }),
      },
    });
  // One store sends hundreds of messages a second here, and is asked to wait now and then.
  const response = await until(send, ({ status }) => status !== 429);
  return { status: response.status, text: await response.text() };
}

const writerSchema = z.object({ source: sourceIdSchema, store: storeIdSchema });

/** Of the till that the message names, if it names one: that it is another than its sender is refused before all else. */
async function tokenFor({ body }: Sent, sender: string): Promise<string> {
  const named = writerSchema.safeParse(jsonOf(body));
  const { source, store } = named.success ? named.data : { source: sender, store: "fuzz" };
  return tillToken(source, store, 1_000_000);
}

function jsonOf(body: Sent["body"]): unknown {
  try {
    return JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
  } catch {
    return null; // as the edge will find
  }
}

/** The reason of a refusal, or null where the message was taken. */
function judge(answer: { status: number; text: string }, taken: z.ZodType, how: string) {
  insist(!isMarked(answer.text), `${how} is repeated: ${answer.text}`);
  if (answer.status === 200) {
    taken.parse(JSON.parse(answer.text));
    return null;
  }
  const { reason, status } = problemSchema.parse(JSON.parse(answer.text));
  insist(status === answer.status && REFUSALS.includes(reason), `${how}: ${answer.text}`);
  return reason;
}

test(
  "SYN5 SYN6 SEC2: a malformed push has a coded answer, and what is taken of it has the effect that it says",
  async () => {
    const random = createRandom(SEED);
    const logs = watchLogs();
    const counts: Record<string, number> = {};
    const bystander = openCase(0, "bystander");
    const whole = JSON.stringify(bystander.push([bystander.first, bystander.second]));
    const digest = contentDigestOf(whole);
    const ofBystander = await tillToken(bystander.source, "bystander");
    await post("/v1/push", ofBystander, { body: whole, digest });
    await drained();
    const untouched = await foundOf(bystander);
    const tried: { sent: Sent; each: ReturnType<typeof openCase> }[] = [];
    for (let n = 1; n <= 700; n++) {
      const each = openCase(n, "fuzz");
      const sent = await bend(random, JSON.stringify(each.push([each.first, each.second])));
      const answer = await post("/v1/push", await tokenFor(sent, each.source), sent);
      const how = `${SEED}, case ${n}: ${sent.how}`;
      const reason = judge(answer, pushAnswerSchema, how);
      insist(!sent.isDamaged || reason !== null, how);
      const outcome = reason ?? pushAnswerSchema.parse(JSON.parse(answer.text)).outcome;
      insist(!sent.isHarmless || outcome === "accepted", how);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      tried.push({ sent: { ...sent, how }, each });
    }
    await drained();
    for (const { sent, each } of tried) {
      const both = contentOf(each, [each.whole]);
      const allowed = sent.isHarmless ? [both] : [null, contentOf(each, [each.begun]), both];
      const found = await foundOf(each);
      insist(allowed.includes(found), `${sent.how}: ${found}`);
    }
    expect(await foundOf(bystander)).toBe(untouched);
    await expectDelivery();
    for (const path of ["/v1/status", "/v1/quarantine", "/metrics"]) {
      const headers = { authorization: `Bearer ${env.REGULARS_CENTRAL_TOKEN}` };
      const answer = await exports.default.fetch(`https://edge.test${path}`, { headers });
      expect([path, answer.status]).toEqual([path, 200]);
      insist(!isMarked(await answer.text()), path);
    }
    logs.expectQuiet();
    // Each kind of answer was met, so that none is only thought of.
    expect(Object.keys(counts)).toEqual(
      expect.arrayContaining(["accepted", "gap", "fork", "broken_chain", "invalid_field"]),
    );
  },
  TIMEOUT_MS,
);

const MESSAGES = [
  {
    path: "/v1/pull",
    tokenOf: () => tillToken("case-1", "fuzz"),
    taken: pullAnswerSchema,
    message: { store: "fuzz", source: "case-1", epoch: 1, cursor: "a.7", head: 2 },
  },
  {
    path: "/v1/pull",
    tokenOf: () => tillToken("case-1", "fuzz"),
    taken: pullAnswerSchema,
    message: {
      store: "fuzz",
      source: "case-1",
      epoch: 1,
      cursor: null,
      life: { start: 3, nonce: "a".repeat(32) },
      head: 2,
    },
  },
  {
    path: "/v1/publish",
    tokenOf: () => Promise.resolve(CENTRE),
    taken: publishAnswerSchema,
    message: {
      decisions: [
        { kind: "mark", store: "fuzz", source: "case-9", epoch: 1, golden: 2 },
        { kind: "golden", customer: `c${"1".repeat(22)}`, version: 2 },
        { kind: "redirect", from: `c${"2".repeat(22)}`, to: `c${"3".repeat(22)}` },
        {
          kind: "assign",
          key: `email:${"4".repeat(22)}`,
          from: `c${"5".repeat(22)}`,
          to: `c${"6".repeat(22)}`,
        },
      ],
    },
  },
  {
    path: "/v1/customers/lookup",
    tokenOf: () => Promise.resolve(CENTRE),
    taken: z.never(),
    message: {
      email: `${MARK}@example.org`,
      phone: "020 7946 0018",
      store: "fuzz",
    },
  },
  {
    path: "/v1/quarantine/replay",
    tokenOf: () => Promise.resolve(CENTRE),
    taken: replayAnswerSchema,
    message: { store: "fuzz", source: "case-1", epoch: 1, seq: 1, after: "fuzz/case-1/1/1" },
  },
];

test.each(MESSAGES)(
  "SYN5 SEC2: malformed messages to $path have coded answers, and change no profile",
  async ({ path, tokenOf, taken, message }) => {
    const random = createRandom(`${SEED}${path}`);
    const logs = watchLogs();
    const each = openCase(1, "elsewhere");
    const push = JSON.stringify(each.push([each.first, each.second]));
    const digest = contentDigestOf(push);
    await post("/v1/push", await tillToken(each.source, "elsewhere"), { body: push, digest });
    await drained();
    const before = await foundOf(each);
    const token = await tokenOf();
    const isOfTiers = path === "/v1/pull" || path === "/v1/publish";
    const text = JSON.stringify({ ...(isOfTiers ? THIS_VERSION : {}), ...message });
    for (let n = 1; n <= 600; n++) {
      const sent = await bend(random, text);
      const how = `${SEED}, case ${n}: ${sent.how}`;
      const answer = await post(path, token, sent);
      const reason = judge(answer, taken, how);
      insist(!sent.isDamaged || reason !== null, how);
    }
    expect(await foundOf(each)).toBe(before);
    logs.expectQuiet();
  },
);
