/**
 * The edge on a machine of one's own: the same Worker as in the cloud, run by workerd with its objects on local disk.
 *
 * node edge/self-hosted/serve.ts --data DIR --port PORT --central URL [--host 127.0.0.1]
 *
 * --worker FILE runs another Worker around it: one that counts what the edge does, for the benches.
 *
 * Secrets come from the environment, and so do the identity provider and the app (IDP_ISSUER,
 * APP_ACCOUNT and the others of wrangler.toml).
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as workerdPackage from "workerd";
import { z } from "zod";
import { bundleWorker } from "./bundle.ts";
import { ALSO_FROM_ENVIRONMENT, workerdConfig } from "./workerd-config.ts";

/**
 * On one machine all shards share one thread and one disk: more of them means more commits for the same work.
 * Never to be changed for an edge that has data, for it decides where every customer lies.
 */
const ONE_MACHINE = { PROFILE_SHARDS: "4", DIRECTORY_SHARDS: "1" } as const;

const SWEEP_EVERY_MS = 60_000;
const ENDS_WITHIN_MS = 3_000;
const READY_WITHIN_MS = 20_000;
const READY_EVERY_MS = 50;

const argumentsSchema = z.object({
  data: z.string(),
  port: z.coerce.number().int().min(1).max(65_535),
  host: z.string(),
  central: z.url(),
  worker: z.string(),
});
type Arguments = z.infer<typeof argumentsSchema>;

const secret = z.string().min(16);
const environmentSchema = z.looseObject({
  REGULARS_PEPPER: secret,
  REGULARS_CENTRAL_TOKEN: secret,
  REGULARS_EDGE_SECRET: secret,
  REGULARS_CENTRAL_TOKEN_ALSO: z.union([z.literal(""), secret]).optional(),
  REGULARS_EDGE_SECRET_ALSO: z.union([z.literal(""), secret]).optional(),
});

/** What an edge answers that lacks a setting, or has one that cannot be used. */
const refusalSchema = z.object({ reason: z.literal("not_set_up"), detail: z.string() });

/** A sentence for a person; anything else that is thrown is a bug and shows its stack. */
class StartFailure extends Error {}

try {
  await serve(readArguments());
} catch (error) {
  if (!(error instanceof StartFailure)) throw error;
  console.error(error.message);
  process.exit(1);
}

async function serve(args: Arguments): Promise<void> {
  const environment = environmentSchema.safeParse(process.env);
  if (!environment.success) {
    const [issue] = environment.error.issues;
    throw new StartFailure(
      `The edge needs ${String(issue?.path[0])} in its environment, of at least 16 characters.`,
    );
  }
  const data = resolve(args.data);
  const objects = join(data, "objects");
  mkdirSync(objects, { recursive: true });
  endLeftover(data);
  await requireFreePort(args);
  const root = resolve(import.meta.dirname, "../..");
  await bundleWorker(resolve(root, args.worker), join(data, "worker.js"));
  writeFileSync(
    join(data, "edge.capnp"),
    workerdConfig(
      join(root, "wrangler.toml"),
      { ...ONE_MACHINE, ...settingsIn(process.env) },
      ALSO_FROM_ENVIRONMENT.filter((name) => process.env[name]),
    ),
  );
  const workerd = spawn(
    workerdBinary(),
    [
      "serve",
      join(data, "edge.capnp"),
      "config",
      `--socket-addr=http=${args.host}:${args.port}`,
      `--directory-path=data=${objects}`,
    ],
    {
      env: { ...process.env, CENTRAL_URL: args.central },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  writeFileSync(pidFile(data), String(workerd.pid));
  endTogether(workerd, data);
  await untilHealthy(args);
  sweepNowAndThen(args, environment.data.REGULARS_CENTRAL_TOKEN);
  console.log(JSON.stringify({ level: "info", msg: "ready", port: args.port }));
  process.send?.({ ready: true, port: args.port, pid: workerd.pid });
}

/** Settings of wrangler.toml that every installation has its own of: the identity provider and the app. No secrets. */
function settingsIn(environment: NodeJS.ProcessEnv): Record<string, string> {
  const names = [
    "IDP_ISSUER",
    "IDP_AUDIENCE",
    "IDP_JWKS_URL",
    "IDP_REALM",
    "IDP_ROLE_CLAIM",
    "APP_ACCOUNT",
    "APP_ORIGINS",
    "LIVE_BEAT_MS",
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** workerd has no cron: the sweep is asked for from here. */
function sweepNowAndThen({ host, port }: Arguments, token: string): void {
  const ask = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    try {
      const response = await fetch(`http://${host}:${port}/v1/sweep`, { method: "POST", headers });
      await response.body?.cancel();
      if (!response.ok) console.error(`The sweep was answered with ${response.status}.`);
    } catch {
      // busy or ending; the next one comes in a minute
    }
  };
  setInterval(() => void ask(), SWEEP_EVERY_MS).unref();
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: "string" },
        port: { type: "string" },
        host: { type: "string", default: "127.0.0.1" },
        central: { type: "string" },
        worker: { type: "string", default: "edge/src/worker.ts" },
      },
    });
    return argumentsSchema.parse(values);
  } catch (error) {
    throw new StartFailure(
      "Usage: node edge/self-hosted/serve.ts --data DIR --port PORT --central URL [--host ADDRESS]",
      { cause: error },
    );
  }
}

/** This process and workerd live and die together, whichever goes first and however. */
function endTogether(workerd: ChildProcess, data: string): void {
  let isEnding = false;
  const end = (): void => {
    isEnding = true;
    workerd.kill("SIGTERM");
    // It waits for ever for a socket that its own object has closed. What was answered is on disk (EDG2).
    setTimeout(() => workerd.kill("SIGKILL"), ENDS_WITHIN_MS).unref();
  };
  process.on("exit", () => workerd.kill("SIGKILL"));
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.on("disconnect", end); // the parent is gone
  workerd.on("error", (error) => {
    console.error(`workerd could not be started: ${error.message}`);
    process.exit(1);
  });
  workerd.on("exit", (code, signal) => {
    rmSync(pidFile(data), { force: true });
    if (isEnding) process.exit(0);
    console.error(`workerd ended unexpectedly (${signal ?? `exit code ${code}`}).`);
    process.exit(1);
  });
}

/** The package is CommonJS without types; its default export is the path of the binary for this machine. */
function workerdBinary(): string {
  const loaded = z.object({ default: z.object({ default: z.string() }) }).parse(workerdPackage);
  return loaded.default.default;
}

function pidFile(data: string): string {
  return join(data, "workerd.pid");
}

/** A workerd whose keeper was killed still holds port and files; it is known by our folder in its command line. */
function endLeftover(data: string): void {
  let pid: string;
  try {
    pid = readFileSync(pidFile(data), "utf8").trim();
  } catch {
    return; // no file: it ended in order
  }
  try {
    const command = execFileSync("ps", ["-o", "args=", "-p", pid], { encoding: "utf8" });
    if (command.includes(data)) process.kill(Number(pid), "SIGKILL");
  } catch {
    // ps exits non-zero when there is no such process: then there is nothing to end
  }
}

async function requireFreePort({ host, port }: Arguments): Promise<void> {
  // The kernel frees the port of a process that was just killed a moment later.
  for (let attempt = 0; ; attempt++) {
    const reason = await bindFailure(host, port);
    if (reason === null) return;
    if (reason !== "EADDRINUSE" || attempt === 20) {
      throw new StartFailure(
        reason === "EADDRINUSE"
          ? `Port ${port} on ${host} is in use by another program; choose another with --port.`
          : `The edge cannot listen on ${host}:${port} (${reason}).`,
      );
    }
    await pause(READY_EVERY_MS);
  }
}

function bindFailure(host: string, port: number): Promise<string | null> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once("error", (error) => answer("code" in error ? String(error.code) : error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => answer(null)));
  });
}

async function untilHealthy({ host, port }: Arguments): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`http://${host}:${port}/health`);
      if (response.ok) return;
      const said = refusalSchema.safeParse(await response.json());
      // Settings do not mend themselves: to wait is to have the same line in the log a hundred times.
      if (said.success) throw new StartFailure(said.data.detail);
    } catch (error) {
      if (error instanceof StartFailure) throw error;
      // not listening yet
    }
    await pause(READY_EVERY_MS);
  }
  throw new StartFailure("The edge did not answer within 20 seconds of its start.");
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
