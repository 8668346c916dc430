import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runApart } from "./apart.ts";
import { sampleRow } from "./samples.ts";

const folder = mkdtempSync(join(tmpdir(), "regulars-apart-"));
const row = JSON.stringify(sampleRow());
const idFile = join(folder, "left-running");

/** Each a process of its own, as a bench is. */
const PROGRAMS = {
  whole: `process.send({ rows: [${row}] }, () => process.exit());`,
  throws: `process.send({ failed: "A part is missing." }, () => process.exit(1));`,
  killed: `process.kill(process.pid, "SIGKILL");`,
  silent: `process.exit(3);`,
  hangs: `setInterval(() => {}, 1_000);`,
  noNumber: `process.send({ rows: [{ ...${row}, value: 0 / 0 }] }, () => process.exit());`,
  late: `process.send({ rows: [${row}] }, () => process.kill(process.pid, "SIGKILL"));`,
  // In a group of its own, as the parts of a house are; and a file in its temporary folder.
  leaves: `
    const { spawn } = require("node:child_process");
    const { writeFileSync } = require("node:fs");
    const left = spawn(process.execPath, ["-e", "setInterval(() => {}, 1_000)"], { detached: true, stdio: "ignore" });
    writeFileSync(${JSON.stringify(idFile)}, left.pid + " " + process.env.TMPDIR);
    writeFileSync(process.env.TMPDIR + "/large", "x");
    process.send({ rows: [${row}] }, () => process.exit());`,
};

beforeAll(() => {
  for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(programOf(name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const programOf = (name: string): string => join(folder, `${name}.cjs`);
const run = (name: keyof typeof PROGRAMS, signal = new AbortController().signal) =>
  runApart("sync", {
    isQuick: true,
    signal,
    program: programOf(name),
    quickMaxMs: name === "hangs" ? 300 : 20_000,
    graceMs: 0,
  });

/** One that has ended and that nobody has asked about says nothing of itself any more. */
function isRunning(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
  } catch {
    return false;
  }
}

describe.concurrent("a bench in a process of its own", () => {
  test("hands over its rows", async () => {
    expect((await run("whole")).rows).toEqual([sampleRow()]);
  });

  test.for([
    ["throws", "A part is missing."],
    ["killed", "its process was ended by SIGKILL"],
    ["silent", "its process ended with code 3"],
    ["hangs", "it was not over after 0.3 seconds"],
    ["noNumber", "it handed over no measurement"],
  ] as const)("%s: is a row that says so", async ([name, why]) => {
    const { rows } = await run(name);
    expect(rows).toMatchObject([{ bench: "sync", n: 0 }]);
    expect(rows[0]?.missed?.[0]).toContain(`did not come to its end: ${why}`);
  });

  test("what was measured stands, however the process ends", async () => {
    expect((await run("late")).rows).toEqual([sampleRow()]);
  });

  test("nothing of it is left: no process, no file", async () => {
    await run("leaves");
    const [pid, place = ""] = readFileSync(idFile, "utf8").split(" ");
    expect(isRunning(pid ?? "")).toBe(false);
    expect(() => readFileSync(join(place, "large"))).toThrow("ENOENT");
  });

  test("is ended when the person at the keyboard has had enough", async () => {
    const interrupt = new AbortController();
    const running = run("hangs", interrupt.signal);
    interrupt.abort(new Error("ended by SIGINT"));
    await expect(running).rejects.toThrow("ended by SIGINT");
  });
});
