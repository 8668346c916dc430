import { describe, expect, test } from "vitest";
import { CommandFailure } from "../command.ts";
import { readOptions } from "./options.ts";

const needed = ["--records", "a.csv", "--id", "id"];

describe("what an evaluation is asked to do", () => {
  test("records and id are enough", () => {
    const options = readOptions(needed);
    expect(options).toMatchObject({ id: "id", mode: "batch", truthPattern: null });
    expect(options.records[0]).toMatch(/\/a\.csv$/);
  });

  test("two files, a truth, a pattern, a seed", () => {
    const options = readOptions([
      ...needed,
      "--records",
      "b.csv",
      "--truth",
      "t",
      "--truth-pattern",
      "(\\d+)",
      "--shuffle",
      "7",
    ]);
    expect(options.records).toHaveLength(2);
    expect(options).toMatchObject({ truth: "t", truthPattern: /(\d+)/, shuffle: 7 });
  });

  test.each([
    ["no records", ["--id", "id"], "--records"],
    ["no id", ["--records", "a.csv"], "--id"],
    ["three files", [...needed, "--records", "b.csv", "--records", "c.csv"], "--records"],
    ["a mode that is none", [...needed, "--mode", "magic"], "--mode"],
    ["a seed that is no number", [...needed, "--shuffle", "x"], "--shuffle"],
    ["a country that is no code", [...needed, "--country", "England"], "--country"],
    ["a pattern that is none", [...needed, "--truth-pattern", "("], "--truth-pattern"],
    ["an option that is none", [...needed, "--colour", "red"], "--colour"],
  ])("%s is told, with how to ask", (_what, args, said) => {
    expect(() => readOptions(args)).toThrow(CommandFailure);
    expect(() => readOptions(args)).toThrow(said);
    expect(() => readOptions(args)).toThrow("Usage: npm run -s evaluate:identity");
  });
});
