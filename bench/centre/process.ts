/** The centre as a process, and somebody who has signed in. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { z } from "zod";
import { IDENTITY } from "./template.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PASSWORD = "password of the bench";
const readySchema = z
  .tuple([z.object({ ready: z.literal(true), port: z.int() })])
  .rest(z.unknown());

export interface Centre {
  /** Milliseconds until the whole page is there; throws for any that is not. */
  open(path: string): Promise<number>;
  memoryMb(): number;
  stop(): Promise<void>;
}

export async function startCentre(database: string): Promise<Centre> {
  const child = spawn(
    process.execPath,
    [
      "--max-semi-space-size=4",
      "--max-old-space-size=192",
      "--import=tsx",
      join(ROOT, "central/src/main.ts"),
      `--database=${database}`,
      "--port=0",
      "--edge=http://127.0.0.1:9", // nobody answers there
      "--log-level=silent",
    ],
    {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        ...process.env,
        REGULARS_PEPPER: IDENTITY.pepper,
        REGULARS_CENTRAL_TOKEN: "token of the bench",
        REGULARS_CONSOLE_PASSWORD: PASSWORD,
      },
    },
  );
  const [{ port }] = readySchema.parse(await once(child, "message"));
  const url = `http://127.0.0.1:${port}`;
  const cookie = await signIn(url);
  return {
    async open(path) {
      const startedMs = performance.now();
      const response = await fetch(`${url}${path}`, { headers: { cookie }, redirect: "manual" });
      await response.text();
      if (response.status !== 200) throw new Error(`${path} answers ${response.status}`);
      return performance.now() - startedMs;
    },
    memoryMb: () => residentMb(child),
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: url },
    body: new URLSearchParams({ name: "console", password: PASSWORD }).toString(),
    redirect: "manual",
  });
  const [cookie = ""] = response.headers.getSetCookie().map((each) => each.split(";")[0] ?? "");
  if (cookie === "") throw new Error(`signing in answers ${response.status}`);
  return cookie;
}

function residentMb({ pid }: ChildProcess): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return Math.round(Number(kb) / 1_024);
}
