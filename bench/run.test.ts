import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../local/system/programs.ts";
import { readWanted } from "./frame/arguments.ts";
import { BENCHES } from "./registry.ts";

const NAMES = Object.keys(BENCHES);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const bench = (...args: readonly string[]): Promise<Ended> =>
  new Promise((done) => {
    const child = execFile(
      process.execPath,
      [join(ROOT, "bench/run.ts"), ...args],
      (_, out, error) =>
        // prettier-ignore
        done({ code: child.exitCode ?? -1, out, error }),
    );
  });

describe.concurrent("the command", () => {
  test.for([
    [["nope"], 'There is no bench "nope".'],
    [["all", "--only", "nope"], 'There is no bench "nope".'],
    [[], "Say which bench: "],
  ] as const)("%s: one sentence with all that there are", async ([args, sentence]) => {
    const { code, out, error } = await bench(...args);
    expect([code, out]).toEqual([1, ""]);
    expect(error).toMatch(/^[^\n]+\n$/);
    expect(error).toContain(sentence);
    for (const name of NAMES) expect(error).toContain(name);
  });

  test.for([
    [["ingest", "--fast"], "There is no option --fast: a bench takes --quick and --json"],
    [["report", "no-such-file.jsonl"], "There is no file no-such-file.jsonl."],
  ] as const)("%s: one sentence", async ([args, sentence]) => {
    const { code, out, error } = await bench(...args);
    expect([code, out]).toEqual([1, ""]);
    expect(error).toMatch(/^[^\n]+\n$/);
    expect(error).toContain(sentence);
  });

  test("--help names every bench with what it measures", async () => {
    const { code, out } = await bench("--help");
    expect(code).toBe(0);
    for (const [name, { measures }] of Object.entries(BENCHES)) {
      expect(out).toMatch(new RegExp(`^  ${name} +${RegExp.escape(measures)}$`, "m"));
    }
  });
});

describe("arguments", () => {
  const known = ["a", "b", "c"];

  test.for([
    [["a", "b"], "One bench at a time"],
    [["all", "--only"], "Say which after --only: a, b, c"],
    [["all", "--only=,"], "Say which after --only: a, b, c"],
    [["a", "--only", "b"], "Only `all` takes --only."],
    [["a", "--quick=1"], "The option --quick takes no value."],
    [["report", "--quick"], "`report` takes files of results, and no options."],
  ] as const)("%s: what cannot be is told", ([args, sentence]) => {
    expect(() => readWanted(args, known)).toThrow(sentence);
  });

  test("some of all are run in the order of the registry, each once", () => {
    const wanted = readWanted(["all", "--only", "c,a,c", "--json"], known);
    expect(wanted).toEqual({ kind: "benches", names: ["a", "c"], isQuick: false, isJson: true, isAll: true }); // prettier-ignore
  });
});

test("README.md lists every bench of the registry, in its order and its words", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `npm run -s bench -- (\S+)` +\| (.+?) +\|$/gm)];
  const listed = rows.map(([, name, measures]) => [name, measures]);
  expect(listed).toEqual(Object.entries(BENCHES).map(([name, { measures }]) => [name, measures]));
});
