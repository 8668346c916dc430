#!/usr/bin/env node
/**
 * The store agent as a process: `node store-agent/src/main.ts --data DIR --source till-1 --store store-1 --port P`, and the
 * check of what it has written: `node store-agent/src/main.ts verify --data DIR`.
 */
import { createAdaptorServer } from "@hono/node-server";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { pino, type Logger } from "pino";
import { z } from "zod";
import { verifyFolder } from "./archive/verify-folder.ts";
import { createLocalApi } from "./local-api/app.ts";
import { causeOf } from "./local-api/problem-response.ts";
import { openStoreAgent, type StoreAgent } from "./open-store-agent.ts";
import { readSecrets, StartRefused } from "./read-secrets.ts";

const ARGUMENTS = {
  data: { type: "string" },
  "high-water": { type: "string" },
  source: { type: "string" },
  store: { type: "string" },
  edge: { type: "string" },
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string" },
  zone: { type: "string", default: "Europe/London" },
  country: { type: "string", default: "GB" },
  currency: { type: "string", default: "GBP" },
  "open-count": { type: "boolean", default: false },
  "log-level": { type: "string", default: "info" },
} as const;

const SECRETS = [
  "REGULARS_PEPPER",
  "REGULARS_LOCAL_TOKEN",
  "REGULARS_ENROLMENT_CODE",
  "REGULARS_ENCRYPTION_KEY",
] as const;

const environmentSchema = z.object({
  REGULARS_PEPPER: z.string(),
  REGULARS_LOCAL_TOKEN: z.string().min(16),
  REGULARS_ENROLMENT_CODE: z.string().optional(),
  REGULARS_ENCRYPTION_KEY: z.string().optional(),
});

async function main(): Promise<void> {
  const settings = readSettings();
  const logger = pino({ level: settings.logLevel, base: { source: settings.agent.source } });
  const agent = await openStoreAgent({
    ...settings.agent,
    onLink: (online, failure) => logger.info({ online, failure: failure?.code }, "edge link"),
    onError: (error) => logger.error(causeOf(error), "sync failed"),
  });
  try {
    await serve(agent, settings, logger);
  } catch (error) {
    await agent.close();
    throw error;
  }
}

type ProcessSettings = ReturnType<typeof readSettings>;

async function serve(agent: StoreAgent, settings: ProcessSettings, logger: Logger): Promise<void> {
  const { host, port, token } = settings;
  const api = createLocalApi({ agent, token, hosts: [host], logger });
  const server = createAdaptorServer({ fetch: api.fetch });
  server.listen(port, host);
  await once(server, "listening").catch((error: unknown) => {
    const { code } = causeOf(error);
    const why = code === "EADDRINUSE" ? "is in use" : `cannot be opened (${code ?? "unknown"})`;
    throw new StartRefused(`The port ${port} on ${host} ${why}.`);
  });

  const close = async (): Promise<void> => {
    server.close();
    if ("closeIdleConnections" in server) server.closeIdleConnections();
    await agent.close();
    logger.info("closed");
    process.exit(0);
  };
  let closing: Promise<void> | undefined;
  const closeOnce = (): void => {
    closing ??= close();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, closeOnce);
  process.on("disconnect", closeOnce); // whoever started this process is gone

  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  logger.info({ host, port: bound }, "ready");
  process.send?.({ ready: true, port: bound });
}

function readSettings() {
  const { values } = parseCommand();
  const environment = environmentSchema.safeParse(readSecrets(SECRETS, process.env));
  if (!environment.success) {
    const names = environment.error.issues.map((issue) => issue.path.join(".")).join(", ");
    throw new StartRefused(`The environment lacks ${names} (a token has at least 16 characters).`);
  }
  const { REGULARS_PEPPER, REGULARS_LOCAL_TOKEN } = environment.data;
  const { REGULARS_ENROLMENT_CODE: code, REGULARS_ENCRYPTION_KEY: key } = environment.data;
  const { data, source, store, edge, zone, country, currency, "high-water": mark } = values;
  const port = z.coerce.number().int().min(0).max(65_535).safeParse(values.port);
  if (data === undefined || source === undefined || store === undefined || !port.success) {
    throw new StartRefused("The agent needs --data, --source, --store and a --port.");
  }
  return {
    host: values.host,
    port: port.data,
    token: REGULARS_LOCAL_TOKEN,
    logLevel: values["log-level"],
    agent: {
      dataDir: data,
      source,
      store,
      zone,
      country,
      currency,
      pepper: REGULARS_PEPPER,
      blindCount: !values["open-count"],
      ...(mark === undefined ? {} : { highWaterFile: mark }),
      ...(edge === undefined ? {} : { edgeUrl: edge }),
      ...(code === undefined || code === "" ? {} : { enrolmentCode: code }),
      ...(key === undefined ? {} : { encryptionKey: key }),
    },
  };
}

/** Says in one line what it found; whether all is well is the exit code. */
async function verify(args: string[]): Promise<void> {
  const options = { data: ARGUMENTS.data };
  const { values } = parsedOrRefused(() => parseArgs({ args, options }), options);
  if (values.data === undefined) throw new StartRefused("Verifying needs --data.");
  const { REGULARS_ENCRYPTION_KEY: key } = readSecrets(["REGULARS_ENCRYPTION_KEY"], process.env);
  const report = await verifyFolder(values.data, key);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.problems.length === 0 ? 0 : 1;
}

const parseCommand = () => parsedOrRefused(() => parseArgs({ options: ARGUMENTS }), ARGUMENTS);

function parsedOrRefused<Parsed>(parse: () => Parsed, options: object): Parsed {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const names = Object.keys(options).map((name) => `--${name}`);
    throw new StartRefused(`${error.message.replace(/\.?$/, ".")} There are: ${names.join(", ")}.`);
  }
}

try {
  const [command, ...args] = process.argv.slice(2);
  await (command === "verify" ? verify(args) : main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
