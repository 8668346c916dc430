import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sha256Hex } from "@regulars/shared/digest";
import { contributionSchema } from "@regulars/shared/fragment/contribution";
import { contributionText, parseContribution, READ_BY } from "./stored-contribution.ts";

/** Of the rules that READ_BY is the number of. Whoever changes what a contribution can say raises the number, and writes both here. */
const RULES = { 1: "9387edb713c8938b" };

test("SYN9: whoever changes the rules by which entries are read says so, for stored contributions are carried on", () => {
  const rules = z.toJSONSchema(contributionSchema, { unrepresentable: "any" });
  expect({ [READ_BY]: sha256Hex(JSON.stringify(rules)).slice(0, 16) }).toEqual(RULES);
});

describe("SYN9: what was read by other rules", () => {
  const read = { traits: {}, behaviours: {}, carts: {}, orders: {}, loyalty: {} };
  test("is known as such, and says nothing of what came later", () => {
    expect(parseContribution("{}")).toEqual({ contribution: read, isCurrent: false });
    const later = JSON.stringify({ by: READ_BY + 1 });
    expect(parseContribution(later)).toEqual({ contribution: read, isCurrent: false });
  });
  test("stays it until it is read anew", () => {
    const older = parseContribution("{}");
    expect(parseContribution(contributionText(older))).toEqual(older);
    const newer = { ...older, isCurrent: true };
    expect(parseContribution(contributionText(newer))).toEqual(newer);
  });
});
