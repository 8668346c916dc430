import { describe, expect, test } from "vitest";
import { readOptions } from "./options.ts";

const needed = ["--input", "/data/retail.csv", "--format", "online-retail"];

describe("options of a replay", () => {
  test("have defaults", () => {
    expect(readOptions(needed)).toMatchObject({
      input: "/data/retail.csv",
      stores: 4,
      terminals: 3,
      "offline-share": 0.3,
    });
  });

  test.each([
    [["--format", "online-retail"], "The option --input is missing or not valid. Usage: "],
    [[...needed, "--stores", "none"], "The option --stores is missing or not valid. Usage: "],
    [[...needed, "--offline-share", "2"], "The option --offline-share is missing or not valid."],
    [[...needed, "--fast"], "Unknown option '--fast'"],
    [
      ["--input", "x", "--format", "poslog"],
      "The format poslog is unknown; known is online-retail.",
    ],
    [["--input", "x", "--format", "toString"], "The format toString is unknown"],
    [[...needed, "--stores", "20"], "20 stores of 3 terminals are too many"],
  ])("%j is refused in a sentence", (args, sentence) => {
    expect(() => readOptions(args)).toThrow(sentence);
  });
});
