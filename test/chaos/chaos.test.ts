import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";

const TIMEOUT_MS = 400_000;

/** The JSON line that a command prints, whatever its exit code. */
function lineOf(file: string, args: readonly string[]): Promise<unknown> {
  const path = fileURLToPath(import.meta.resolve(file));
  return new Promise((done, failed) => {
    execFile(process.execPath, [path, ...args], (error, stdout, stderr) => {
      const line = stdout.trim().split("\n").at(-1) ?? "";
      process.stdout.write(`${line}\n`);
      if (line.startsWith("{")) done(JSON.parse(line));
      else failed(error ?? new Error(stderr));
    });
  });
}

test(
  "CAP1 SYN2 SYN3 EDG4: real processes that are killed, cut off, copied and restored lose and double nothing",
  async () => {
    const seed = String(randomInt(1_000_000_000));
    const line = await lineOf("./chaos.ts", ["--minutes", "0.4", "--tills", "3", "--seed", seed]);
    const verdict = z.looseObject({ receipts: z.int(), isSound: z.boolean() }).parse(line);
    const sound = { lost: 0, doubled: 0, wrongProfiles: 0, brokenJournals: 0, stuck: 0, found: [] };
    // Whole, with its seed: a difference alone would not say what happened.
    if (!verdict.isSound) throw new Error(`the run is not sound: ${JSON.stringify(line)}`);
    expect(verdict).toMatchObject(sound);
    expect(verdict.receipts).toBeGreaterThan(20);
  },
  TIMEOUT_MS,
);

test(
  "CAP1 CAP6: a till that is killed while it captures loses and doubles nothing",
  async () => {
    const seed = String(randomInt(1_000_000_000));
    const verdict = await lineOf("./kills.ts", ["--kills", "12", "--seed", seed]);
    expect(verdict).toMatchObject({ kills: 12, lost: 0, doubled: 0, journalIsWhole: true });
  },
  TIMEOUT_MS,
);
