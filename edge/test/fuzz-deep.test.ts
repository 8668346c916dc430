/** Messages that are whole and wrong: rows sealed anew over another body, updates with their own hash over other bytes. */
import { reset } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import * as Y from "yjs";
import { base64ToBytes, bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { clientIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Item } from "@regulars/shared/protocol/item";
import type { Push } from "@regulars/shared/protocol/push";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { bendBytes, bendStructure, MARK } from "../../test/fuzz/bend.ts";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { insist } from "../../test/fuzz/insist.ts";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { createRandom, type Random } from "../../test/simulate/random.ts";
import {
  type Case,
  contentOf,
  drained,
  expectDelivery,
  foundOf,
  openCase,
  watchLogs,
} from "./fuzz.ts";
import { inbox } from "./settle.ts";
import { resealed } from "./till.ts";
import { openDocument } from "@regulars/shared/fragment/document";

afterEach(() => reset());

const SEED = "edge-deep-1";
/** On a machine with much else to do. */
const TIMEOUT_MS = 120_000;

interface Deep {
  readonly how: string;
  readonly push: Push;
  /** What the profile may say; nothing else may be there. */
  readonly allowed: readonly (string | null)[];
}

const updateOf = (key: string, bytes: Uint8Array) => ({
  key,
  update: bytesToBase64(bytes),
  sha256: sha256Hex(bytes),
});

/** The second row, sealed over a body that was bent: the chain holds, and what it holds may be anything. */
function bentBody(random: Random, each: Case): Deep {
  const { how, text } = bendStructure(random, each.second.body);
  const body = text.slice(0, LIMITS.eventBytes);
  const both = contentOf(each, [each.whole]);
  return {
    how: `body ${how}`,
    push: each.push([each.first, resealed(each.second, body)]),
    allowed: [contentOf(each, [each.begun]), both],
  };
}

/** An update of the second row, whose hash is that of its bytes. */
function withUpdate(how: string, each: Case, bytes: Uint8Array): Deep {
  const item: Item = { ...each.second, updates: [updateOf(each.key, bytes)] };
  const begun = contentOf(each, [each.begun]);
  // Judged by Yjs itself: what it makes of the bytes is what they say, if that is a fragment of this writer.
  const said = contentOf(each, [each.begun, bytes]);
  return { how, push: each.push([each.first, item]), allowed: [begun, said ?? begun] };
}

function bentUpdate(random: Random, each: Case): Deep {
  let bytes = base64ToBytes(each.second.updates[0]?.update ?? "");
  const hows: string[] = [];
  for (let times = random.pick([1, 1, 1, 2, 5]); times > 0; times--) {
    const bent = bendBytes(random, bytes.length > 0 ? bytes : Uint8Array.of(0));
    hows.push(bent.how);
    bytes = bent.bytes;
  }
  return withUpdate(`update ${hows.join(", ")}`, each, bytes);
}

type Write = (list: Y.Array<unknown>, doc: Y.Doc) => void;

const ENTRY = ["meta", "seq", 2] as const;

/** What a writer of its own documents could put into one that is no fragment. */
const WRITES: Readonly<Record<string, Write>> = {
  "an entry that is none": (list) => list.push([MARK]),
  "an entry of two": (list) => list.push([["meta", "seq"]]),
  "a number for a section": (list) => list.push([[1, "seq", 2]]),
  "a shared type": (list) => list.push([new Y.Map()]),
  "an array type": (list) => list.push([Y.Array.from(["meta", "seq", 2])]),
  bytes: (list) => list.push([Uint8Array.of(1, 2, 3)]),
  "a text type": (list) => list.push([new Y.Text(MARK)]),
  undefined: (list) => list.push([["meta", "seq", undefined]]),
  "another source": (list) => list.push([["meta", "source", "somebody"]]),
  "another key": (list) => list.push([["meta", "key", `email:${"a".repeat(22)}`]]),
  "another epoch": (list) => list.push([["meta", "epoch", 7]]),
  "a prototype for a section": (list) => list.push([["__proto__", "polluted", MARK]]),
  "a prototype for a name": (list) => list.push([["claims", "__proto__", { value: MARK }]]),
  "a prototype for a key": (list) => list.push([["keys", "__proto__", "x"]]),
  "a constructor": (list) => list.push([["totals", "constructor", { sales: 1 }]]),
  "a field that nobody knows": (list) => list.push([["claims", "shoeSize", { value: "9" }]]),
  "a wrong stamp": (list) => list.push([["meta", "last", MARK]]),
  "a stamp of the last day": (list) => list.push([["meta", "last", "ffffffffffff-ffff-x/1"]]),
  "a stamp that is long": (list) =>
    list.push([["meta", "last", `000000000000-0000-${"x".repeat(90)}`]]),
  "totals that are none": (list) =>
    list.push([["totals", "GBP", { sales: 1e300, returns: 0, minor: 0 }]]),
  "totals at the end of numbers": (list) =>
    list.push([["totals", "GBP", { sales: 1, returns: 0, minor: Number.MAX_SAFE_INTEGER }]]),
  infinity: (list) => list.push([["meta", "seq", Infinity]]),
  "a big integer": (list) => list.push([["meta", "seq", 12n]]),
  "too much": (list) => list.push([["later", "text", "x".repeat(LIMITS.fragmentBytes)]]),
  "many entries": (list) => list.push(Array.from({ length: 3_000 }, () => [...ENTRY])),
  "half a surrogate": (list) =>
    list.push([
      ["claims", "givenName", { value: "\ud800", stamp: "000000000001-0000-x/1", seq: 2 }],
    ]),
  "everything deleted": (list) => list.delete(0, list.length),
  "another root": (_list, doc) => doc.getArray("others").push([MARK]),
  "a map for a root": (_list, doc) => doc.getMap("more").set(MARK, MARK),
  "a nested document": (list) => list.push([new Y.Doc()]),
  XML: (_list, doc) => doc.getXmlFragment("xml").push([new Y.XmlElement(MARK)]),
};

function openAs(state: Uint8Array, clientId: number): Y.Doc {
  const doc = openDocument(state);
  doc.clientID = clientId;
  return doc;
}

function written(how: string, each: Case, write: Write): Deep {
  const doc = openAs(each.begun, clientIdOf(each.source, 1));
  const before = Y.encodeStateVector(doc);
  doc.transact(() => write(doc.getArray("entries"), doc));
  return withUpdate(how, each, Y.encodeStateAsUpdate(doc, before));
}

/** Updates that are not the next one of this writer. */
function misplaced(each: Case): Deep[] {
  const stranger = openAs(each.begun, 77);
  stranger.getArray("entries").push([["meta", "seq", 9]]);
  const later = openAs(each.whole, clientIdOf(each.source, 1));
  const before = Y.encodeStateVector(later);
  later.getArray("entries").push([["meta", "seq", 9]]);
  const empty = Y.encodeStateAsUpdate(new Y.Doc());
  return [
    withUpdate("no bytes", each, new Uint8Array()),
    withUpdate("an empty update", each, empty),
    withUpdate("a foreign client", each, Y.encodeStateAsUpdate(stranger)),
    withUpdate("what it has already", each, each.begun),
    withUpdate("twice as much", each, Uint8Array.of(...each.whole, ...each.whole)),
    {
      ...withUpdate("a gap", each, Y.encodeStateAsUpdate(later, before)),
      allowed: [contentOf(each, [each.begun])],
    },
  ];
}

test(
  "SYN4 SYN5 SYN6 FRG2: rows and updates that are whole and wrong leave a profile as it was, or say what they say",
  async () => {
    const random = createRandom(SEED);
    const logs = watchLogs();
    const tried: { deep: Deep; each: Case }[] = [];
    let n = 0;
    const next = (): Case => openCase(++n, "deep");
    const add = (each: Case, deep: Deep): void => void tried.push({ each, deep });
    for (const [how, write] of Object.entries(WRITES)) {
      const each = next();
      add(each, written(how, each, write));
    }
    for (let at = 0; at < misplaced(openCase(0, "deep")).length; at++) {
      const each = next();
      add(each, misplaced(each)[at]!);
    }
    for (let at = 0; at < 300; at++) {
      const each = next();
      add(each, random.chance(0.4) ? bentBody(random, each) : bentUpdate(random, each));
    }
    for (const { deep } of tried) {
      const answer = await inbox("deep").push(deep.push);
      insist(answer?.outcome === "accepted", deep.how);
    }
    await drained();
    const polluted = {} as Record<string, unknown>;
    expect(polluted["polluted"]).toBeUndefined();
    let changed = 0;
    for (const { each, deep } of tried) {
      const found = await foundOf(each);
      insist(deep.allowed.includes(found), `${SEED}, ${each.source}: ${deep.how}: ${found}`);
      if (found !== contentOf(each, [each.begun])) changed += 1;
    }
    // Some of the bent ones are messages like any other.
    expect(changed).toBeGreaterThan(0);
    await expectDelivery();
    logs.expectQuiet();
  },
  TIMEOUT_MS,
);
