import { describe, expect, test } from "vitest";
import { codeOf, CommandFailure, sentenceOf } from "./command.ts";

describe("a failure in a sentence", () => {
  test("what a person can act on is shown as it is", () => {
    expect(sentenceOf(new CommandFailure("Port 1 is in use."))).toBe("Port 1 is in use.");
  });

  test("a package that is not installed says what to do", async () => {
    const name = "no-such-package";
    const failure: unknown = await import(name).catch((error: unknown) => error);
    expect(sentenceOf(failure)).toContain('run "npm ci" and try again.');
    expect(sentenceOf(failure)).not.toContain("\n");
  });

  test("a bug keeps its stack", () => {
    expect(sentenceOf(new TypeError("broken"))).toContain("command.test.ts");
  });

  test("codes of system errors", () => {
    expect(codeOf(Object.assign(new Error("no"), { code: "ENOENT" }))).toBe("ENOENT");
    expect(codeOf(new Error("no"))).toBe("");
    expect(codeOf("no")).toBe("");
  });
});
