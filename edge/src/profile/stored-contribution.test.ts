import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sha256Hex } from "@regulars/shared/digest";
import { contributionSchema, NOTHING_SINCE_4 } from "@regulars/shared/fragment/contribution";
import { SECTIONS } from "@regulars/shared/fragment/entries";
import { contributionText, parseContribution, READ_BY } from "./stored-contribution.ts";

/** Of the rules that READ_BY is the number of. Whoever changes what a contribution can say raises the number, and writes both here. */
const RULES = { 1: "9387edb713c8938b" };

test("SYN9: whoever changes the rules by which entries are read says so, for stored contributions are carried on", () => {
  const rules = z.toJSONSchema(contributionSchema, { unrepresentable: "any" });
  expect({ [READ_BY]: sha256Hex(JSON.stringify(rules)).slice(0, 16) }).toEqual(RULES);
});

const read = (value: object) => parseContribution(JSON.stringify(value));

describe("SYN9: what was read by other rules", () => {
  const sections = Object.fromEntries(SECTIONS.map((section) => [section, {}]));
  const all = { ...sections, source: "till-1", first: "a", last: "b" };
  test("is known as such, and says nothing of what came later", () => {
    expect(read({})).toEqual({ contribution: NOTHING_SINCE_4, readBy: undefined });
    expect(read(all).readBy).toBeUndefined();
    expect(read({ by: READ_BY, ...all }).readBy).toBe(READ_BY);
    expect(read({ by: READ_BY + 1, ...all }).readBy).toBe(READ_BY + 1);
  });
  test("stays it until it is read anew", () => {
    for (const by of [READ_BY, READ_BY + 1, undefined]) {
      const one = read({ by, ...all });
      expect(parseContribution(contributionText(one))).toEqual(one);
    }
  });
  test("SYN5: and so is what lacks something that each has, for a disk may have changed its name", () => {
    for (const name of ["recent", "keys", "first", "last"]) {
      const { [name]: value, ...rest } = { by: READ_BY, ...all } as Record<string, unknown>;
      expect(read({ ...rest, [`${name}x`]: value }).readBy).toBeUndefined();
    }
  });
});
