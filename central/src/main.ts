/** The process: settings in, one server, one outbox loop; ends in order on a signal or with its parent. */
import { randomUUID } from "node:crypto";
import { serve } from "@hono/node-server";
import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Storage } from "@regulars/shared/storage/port";
import { type Logger, pino } from "pino";
import { waysOf } from "./alerts/settings.ts";
import { openConsoleAccount } from "./access/console-account.ts";
import { createProvider, type ProviderFailed } from "./access/provider.ts";
import { createApp } from "./app.ts";
import { createWork } from "./work.ts";
import { DatabaseUnusable, openDatabase } from "./db/open.ts";
import { createIntake } from "./intake/intake.ts";
import { standingPolicy } from "./policy/policies.ts";
import { ModelUnusable, readModel } from "./matching/read-model.ts";
import { createEdge } from "./publish/edge.ts";
import { createEdgeWatch } from "./watch/edge-watch.ts";
import { createPublisher } from "./publish/publisher.ts";
import { standingMatchingPolicy } from "./resolve/matching-policies.ts";
import { providerOf, readSettings, type Settings, SettingsInvalid } from "./settings.ts";

interface Central {
  readonly port: number;
  close(): Promise<void>;
}

async function start(settings: Settings, log: Logger): Promise<Central> {
  const model = await readModel(settings["--model"]);
  const storage = await openDatabase({
    url: settings["--database"],
    token: settings.REGULARS_DATABASE_TOKEN,
  });
  const edge = createEdge(settings["--edge"], settings.REGULARS_CENTRAL_TOKEN);
  const publisher = createPublisher({
    storage,
    edge,
    random: Math.random,
    later,
    onFailure: (error) => log.warn({ err: error }, "decisions wait for the edge"),
  });
  const identity = { pepper: settings.REGULARS_PEPPER, country: settings["--country"] };
  const intake = createIntake({
    storage,
    policy: (await standingPolicy(storage)).policy,
    matching: { model, policy: (await standingMatchingPolicy(storage)).policy, identity },
    nowMs: Date.now,
    onTaken: () => {
      publisher.kick();
      void work.loops.checker.kick();
    },
  });
  const edgeWatch = createEdgeWatch({ askEdge: edge.ask, nowMs: Date.now, later });
  const ways = waysOf(settings, settings.REGULARS_CONSOLE_ORIGIN ?? null, Date.now);
  const work = createWork({
    storage,
    intake,
    edge,
    edgeWatch,
    ways,
    later,
    log,
    onWritten: () => publisher.kick(),
  });
  const app = createApp({
    storage,
    intake,
    replayAtEdge: edge.replay,
    askEdge: edge.ask,
    edgeWatch,
    identity,
    nowMs: Date.now,
    newId: () => randomUUID(),
    pause: () => setImmediate(),
    ...work.kicks,
    onDecided: () => publisher.kick(),
    centralTokens: [
      settings.REGULARS_CENTRAL_TOKEN,
      ...(settings.REGULARS_CENTRAL_TOKEN_ALSO ? [settings.REGULARS_CENTRAL_TOKEN_ALSO] : []),
    ],
    ...(await openConsole(storage, settings, log)),
    ways,
    onError: (error) => log.error({ err: error }, "a request failed"),
  });
  const server = await listen(app.fetch, settings).catch((error: unknown) => {
    storage.close();
    throw error;
  });
  publisher.kick(); // what the last process could not deliver
  work.start();
  return {
    port: server.port,
    async close() {
      await Promise.all([server.close(), publisher.close(), work.close()]);
      storage.close();
    },
  };
}

const drawSecret = (): string => randomBytes(32).toString("base64url");

/** Who gets into the console, and how. */
async function openConsole(storage: Storage, settings: Settings, log: Logger) {
  const consolePassword = settings.REGULARS_CONSOLE_PASSWORD;
  await openConsoleAccount({ storage, nowMs: Date.now, drawSecret }, consolePassword);
  const provider = providerOf(settings);
  return {
    consolePassword,
    consoleOrigin: settings.REGULARS_CONSOLE_ORIGIN ?? null,
    drawSecret,
    provider: provider && createProvider(provider, Date.now),
    onProviderFailure: ({ reason, code }: ProviderFailed) =>
      log.warn({ reason, code }, "nobody was let in by the identity provider"),
  };
}

function later(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
}

function listen(fetch: ReturnType<typeof createApp>["fetch"], settings: Settings) {
  const options = { fetch, hostname: settings["--host"], port: settings["--port"] };
  return new Promise<{ port: number; close(): Promise<void> }>((resolve, reject) => {
    const server = serve(options, ({ port }) => {
      resolve({
        port,
        close: () => new Promise((done) => server.close(() => done())),
      });
    });
    server.once("error", reject);
  });
}

/** Errors whose message is a sentence for whoever started the process. */
const isForPeople = (error: unknown): error is Error =>
  [SettingsInvalid, DatabaseUnusable, ModelUnusable].some((kind) => error instanceof kind);

function sentenceOf(error: unknown, settings: Settings | null): string {
  if (isForPeople(error)) return error.message;
  const code = error instanceof Error && "code" in error ? error.code : null;
  const port = settings?.["--port"];
  if (code === "EADDRINUSE") return `The port ${port} is in use by another process.`;
  if (code === "EACCES") return `The port ${port} may not be used by this user.`;
  if (code === "EADDRNOTAVAIL")
    return `The address ${settings?.["--host"]} is not of this machine.`;
  return `The centre could not start: ${error instanceof Error ? error.message : "unknown reason"}.`;
}

async function main(): Promise<void> {
  let settings: Settings | null = null;
  try {
    settings = readSettings(process.argv.slice(2), process.env);
    const log = pino({
      level: settings["--log-level"],
      base: { part: "centre" },
      redact: ["*.authorization", "*.body", "*.headers"],
    });
    const central = await start(settings, log);
    let isEnding = false;
    const end = (): void => {
      if (isEnding) return;
      isEnding = true;
      void central.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, "could not close in order");
          process.exit(1);
        },
      );
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, end);
    process.once("disconnect", end);
    log.info({ port: central.port }, "ready");
    process.send?.({ ready: true, port: central.port });
  } catch (error) {
    process.stderr.write(`${sentenceOf(error, settings)}\n`);
    process.exitCode = 1;
  }
}

await main();
