import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { canonicalJson, type Json, sha256Hex } from "../digest.ts";
import { eventSchema } from "../events/event.ts";
import { contributionSchema } from "../fragment/contribution.ts";
import * as enrol from "./enrol.ts";
import * as intake from "./intake.ts";
import * as item from "./item.ts";
import * as life from "./life.ts";
import * as lookup from "./lookup.ts";
import * as marks from "./marks.ts";
import * as publish from "./publish.ts";
import * as pull from "./pull.ts";
import * as push from "./push.ts";
import * as version from "./version.ts";

/** What the wire and the stored events looked like when these versions were set. */
const RECORDED = {
  protocol: 4,
  protocolHash: "b5b07297921ae47af5459428023d4d2d379c983693e83d062e85d9dbd5586776",
  schema: 5,
  schemaHash: "2375f1f80a7b30dc98be1d85cbe7d0776f3271a0a5641eca3e2ee337f35e7c90",
};

const modules = { enrol, intake, item, life, lookup, marks, publish, pull, push, version };

/** Of what the schemas say: the order in which they say it is not on the wire. */
function hashOf(schemas: Record<string, z.ZodType>): string {
  const json = Object.entries(schemas).map(([name, schema]) => [name, z.toJSONSchema(schema)]);
  const plain = JSON.stringify(Object.fromEntries(json), (name, value: unknown) =>
    name === "required" && Array.isArray(value)
      ? value.map(String).toSorted((a, b) => (a < b ? -1 : 1))
      : value,
  );
  return sha256Hex(canonicalJson(JSON.parse(plain) as Json));
}

function messageSchemas(): Record<string, z.ZodType> {
  const named = Object.entries(modules).flatMap(([file, module]) =>
    Object.entries(module).flatMap(([name, value]: [string, unknown]) =>
      value instanceof z.ZodType ? [[`${file}/${name}`, value] as const] : [],
    ),
  );
  return Object.fromEntries(named);
}

/** What to do, when it is not as recorded: the difference between two hashes tells nobody anything. */
const changeOf = (found: Json, recorded: Json, advice: string): string | null =>
  canonicalJson(found) === canonicalJson(recorded) ? null : advice;

const adviceOn = (constant: string, from: string, hash: string) =>
  `${from} changed, so readers in the field may not understand what this build writes. Raise ${constant} in ` +
  `shared/src/protocol/version.ts by one, keep reading the two versions before, and record the new number here ` +
  `with the hash "${hash}". Only if ${constant} has not been released since its last change, record the hash alone.`;

describe("SYN9: the wire does not change without its version", () => {
  test("messages between tiers", () => {
    const hash = hashOf(messageSchemas());
    const found = { protocol: version.PROTOCOL, hash };
    const recorded = { protocol: RECORDED.protocol, hash: RECORDED.protocolHash };
    const advice = adviceOn("PROTOCOL", "A message of shared/src/protocol", hash);
    expect(changeOf(found, recorded, advice)).toBeNull();
  });

  test("what events and fragments hold", () => {
    const hash = hashOf({ eventSchema, contributionSchema });
    const found = { schema: version.SCHEMA, hash };
    const recorded = { schema: RECORDED.schema, hash: RECORDED.schemaHash };
    const advice = adviceOn("SCHEMA", "The form of events or fragments", hash);
    expect(changeOf(found, recorded, advice)).toBeNull();
  });

  test("every file of the protocol is covered", () => {
    const files = readdirSync(new URL(".", import.meta.url)).filter(
      (file) => !file.includes(".test."),
    );
    expect(files.toSorted()).toEqual(Object.keys(modules).map((file) => `${file}.ts`));
    expect(Object.keys(messageSchemas()).length).toBeGreaterThan(10);
  });

  test("the hash sees a new field, another limit and another pattern, and not the order of fields", () => {
    const base = hashOf({ m: z.object({ a: z.string(), b: z.int() }) });
    expect(hashOf({ m: z.object({ b: z.int(), a: z.string() }) })).toBe(base);
    for (const changed of [
      z.object({ a: z.string(), b: z.int(), c: z.int().optional() }),
      z.object({ a: z.string().max(9), b: z.int() }),
      z.object({ a: z.string().regex(/x/), b: z.int() }),
      z.object({ a: z.string().optional(), b: z.int() }),
    ]) {
      expect(hashOf({ m: changed })).not.toBe(base);
    }
  });
});

test("SYN9: every message between tiers begins with its version", () => {
  const messages = [
    ...Object.values({ ...intake, ...publish }),
    push.pushSchema,
    push.pushAnswerSchema,
    pull.pullSchema,
    pull.pullAnswerSchema,
  ].filter((value) => value instanceof z.ZodObject);
  expect(messages).toHaveLength(10);
  for (const message of messages) {
    expect(Object.keys(message.shape).slice(0, 3)).toEqual(["protocol", "schema", "minReader"]);
  }
});

test("SYN9: a message is read by whom it allows, and by nobody older", () => {
  const { PROTOCOL, PROTOCOL_MIN, THIS_VERSION } = version;
  expect(version.isSupported(THIS_VERSION)).toBe(true);
  expect(version.isSupported({ protocol: PROTOCOL + 1, minReader: PROTOCOL })).toBe(true);
  expect(version.isSupported({ protocol: PROTOCOL + 1, minReader: PROTOCOL + 1 })).toBe(false);
  expect(version.isSupported({ protocol: PROTOCOL_MIN, minReader: PROTOCOL_MIN })).toBe(true);
  expect(version.isSupported({ protocol: PROTOCOL_MIN - 1, minReader: 1 })).toBe(false);
});
