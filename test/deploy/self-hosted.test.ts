/** Bad input to the edge of one's own: one sentence, and nothing half-started. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const SERVE = join(import.meta.dirname, "../../edge/self-hosted/serve.ts");
const folder = mkdtempSync(join(tmpdir(), "regulars-serve-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRETS = {
  REGULARS_PEPPER: "a pepper of sixteen or more",
  REGULARS_CENTRAL_TOKEN: "a token of sixteen or more",
  REGULARS_EDGE_SECRET: "a secret of sixteen or more",
};

function serve(environment: Readonly<Record<string, string>>) {
  const data = join(folder, "edge");
  const args = ["--data", data, "--port", "47690", "--central", "http://127.0.0.1:9"];
  const { status, stderr } = spawnSync(process.execPath, [SERVE, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    encoding: "utf8",
    timeout: 20_000,
  });
  return { status, stderr, isThere: existsSync(data) };
}

test.each(Object.keys(SECRETS))("SEC2: without %s the edge does not start, and says so", (name) => {
  for (const value of ["", "too short"]) {
    expect(serve({ ...SECRETS, [name]: value })).toEqual({
      status: 1,
      stderr: `The edge needs ${name} in its environment, of at least 16 characters.\n`,
      isThere: false,
    });
  }
});
