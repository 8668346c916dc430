/** The part of the storage contract that is about values: what goes in comes out. */
import { expect, test } from "vitest";
import { sha256Hex } from "@regulars/shared/digest";
import { rowsOf, type SqlValue } from "@regulars/shared/storage/port";
import { CREATE, INSERT, namesOf, type OpenStorage } from "./items.ts";

export function valuesContract(open: OpenStorage): void {
  const megabyte = new Uint8Array(1024 * 1024).map((_, at) => (at * 31 + (at >> 8)) & 0xff);
  const cases: Record<string, [column: string, value: SqlValue]> = {
    text: ["text", 'Zoë O\'Neil\n\t"quoted" ; -- \\'],
    "empty text": ["text", ""],
    emoji: ["text", "🧾👩‍👩‍👧 𝒳 \u{10ffff}"],
    "text like a number": ["text", "007"],
    zero: ["integer", 0],
    "a negative integer": ["integer", -42],
    "the smallest safe integer": ["integer", Number.MIN_SAFE_INTEGER],
    "the largest safe integer": ["integer", Number.MAX_SAFE_INTEGER],
    "milliseconds since 1970": ["integer", 1_795_305_600_123],
    "a double": ["real", 0.1 + 0.2],
    "a tiny double": ["real", 5e-324],
    "a large double": ["real", 1.7976931348623157e308],
    null: ["text", null],
    bytes: ["blob", Uint8Array.from({ length: 256 }, (_, at) => at)],
    "no bytes": ["blob", new Uint8Array(0)],
    "bytes in the middle of a larger buffer": ["blob", megabyte.subarray(1000, 1010)],
    "a megabyte": ["blob", megabyte],
    "a megabyte of text": ["text", "é".repeat(512 * 1024)],
  };
  for (const [what, [type, value]] of Object.entries(cases)) {
    test(`${what} comes back as it went in`, () =>
      open(async (storage) => {
        await storage.write([
          { sql: `create table one (value ${type})` },
          { sql: "insert into one values (?)", args: [value] },
        ]);
        const [row] = await rowsOf(storage, "select value from one where value is ?", [value]);
        expect(row && Object.keys(row)).toEqual(["value"]);
        expect(comparable(row?.["value"])).toBe(comparable(value));
      }));
  }

  test("SYN6: half an emoji does not make a write fail", () =>
    open(async (storage) => {
      await storage.write([{ sql: CREATE }, { sql: INSERT, args: [1, "cut off \ud83d"] }]);
      const [name] = await namesOf(storage);
      expect(name).toMatch(/^cut off \ufffd+$/);
    }));

  test("100 arguments fit one statement", () =>
    open(async (storage) => {
      const args = Array.from({ length: 100 }, (_, at) => at);
      const sql = `select ${args.map((at) => `? as c${at}`).join(", ")}`;
      const [row] = await rowsOf(storage, sql, args);
      expect(Object.values(row ?? {})).toEqual(args);
    }));

  test("arguments are values and never SQL", () =>
    open(async (storage) => {
      await storage.write([{ sql: CREATE }]);
      const name = "'); drop table item; --";
      await storage.write([{ sql: INSERT, args: [1, name] }]);
      expect(await namesOf(storage)).toEqual([name]);
    }));

  test("bytes that were read stay what they were when they are written to or the row changes", () =>
    open(async (storage) => {
      const set = { sql: "update item set value = ? where id = 1" };
      await storage.write([{ sql: CREATE }, { sql: INSERT, args: [1, "a"] }]);
      await storage.write([{ ...set, args: [Uint8Array.of(1, 2, 3)] }]);
      const [before] = await rowsOf(storage, "select value from item");
      await storage.write([{ ...set, args: [Uint8Array.of(9, 9, 9)] }]);
      expect(comparable(before?.["value"])).toBe(comparable(Uint8Array.of(1, 2, 3)));
    }));
}

/** Bytes as their digest: comparing a megabyte element by element takes seconds. */
function comparable(value: SqlValue | undefined): SqlValue | undefined {
  return value instanceof Uint8Array ? `${value.length} bytes, ${sha256Hex(value)}` : value;
}
