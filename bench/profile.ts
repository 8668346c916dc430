/**
 * Where the time goes: a profile of what a bench is about, taken while it runs beside this. Of the edge its Worker and objects, of
 * a till its process, of `capture` and `resolve` the bench's own.
 *
 *     REGULARS_BENCH_INSPECTOR=9229 npm run -s bench -- edge-push &
 *     npm run -s profile -- --port 9229 --seconds 10
 *
 * Waits until it listens. Prints the share of the time within each function, what it calls included, and writes the profile for a
 * browser's developer tools.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { numberOf, readOptions } from "../test/command-options.ts";

const ROOT = join(import.meta.dirname, "..");
const SHOWN = 40;
const SAMPLE_US = 250;
const LISTENING_WITHIN_MS = 60_000;
/** As the self-hosted configuration names the Worker; a process has one target. */
const SERVICE = "edge";

const targetsSchema = z.array(z.object({ webSocketDebuggerUrl: z.url() }));
const nodeSchema = z.object({
  id: z.int(),
  callFrame: z.object({ functionName: z.string() }),
  children: z.array(z.int()).optional(),
});
const profileSchema = z.looseObject({
  nodes: z.array(nodeSchema),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.number()),
});
type Profile = z.infer<typeof profileSchema>;
const answerSchema = z.object({ id: z.int().optional(), result: z.unknown().optional() });

const values = readOptions({
  port: { type: "string", default: "9229" },
  seconds: { type: "string", default: "10" },
  out: { type: "string", default: join(ROOT, ".regulars", "bench.cpuprofile") },
});
const port = numberOf("port", values.port);
const seconds = numberOf("seconds", values.seconds);

try {
  const profile = await take();
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, JSON.stringify(profile));
  const shares = [...sharesOf(profile)].toSorted(([, a], [, b]) => b - a).slice(0, SHOWN);
  for (const [name, share] of shares) {
    process.stdout.write(`${(100 * share).toFixed(1).padStart(6)} %  ${name}\n`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function take(): Promise<Profile> {
  const target = await untilListening();
  const { call, close } = await open(target);
  await call("Profiler.enable");
  await call("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await call("Profiler.start");
  await wait(seconds * 1_000);
  const stopped = await call("Profiler.stop");
  close();
  return z.object({ profile: profileSchema }).parse(stopped).profile;
}

/** The address of the inspector's target: benches that start a till or an edge first make what it will hold. */
async function untilListening(): Promise<string> {
  const untilMs = performance.now() + LISTENING_WITHIN_MS;
  while (performance.now() < untilMs) {
    const answer = await fetch(`http://127.0.0.1:${port}/json`).catch(() => null);
    if (answer) {
      const targets = targetsSchema.parse(await answer.json());
      const urls = targets.map(({ webSocketDebuggerUrl }) => webSocketDebuggerUrl);
      const url = urls.length === 1 ? urls[0] : urls.find((each) => each.endsWith(`/${SERVICE}`));
      if (url !== undefined) return url;
      throw new Error(`what listens on port ${port} is neither an edge nor a process`);
    }
    await wait(100);
  }
  throw new Error(`nothing with an inspector has listened on port ${port}`);
}

async function open(url: string) {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id = 0, result } = answerSchema.parse(JSON.parse(String(data)));
    waiting.get(id)?.(result);
  });
  await new Promise<void>((opened, failed) => {
    socket.addEventListener("open", () => opened());
    socket.addEventListener("error", () => failed(new Error("the inspector does not answer")));
  });
  const ended = new Promise<never>((_, failed) => {
    socket.addEventListener("close", () =>
      failed(new Error("what was profiled has ended before; try fewer --seconds")),
    );
  });
  ended.catch(() => undefined); // also when nobody waits for an answer
  let calls = 0;
  return {
    call: (method: string, params: object = {}): Promise<unknown> => {
      calls += 1;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      waiting.set(calls, resolve);
      socket.send(JSON.stringify({ id: calls, method, params }));
      return Promise.race([promise, ended]);
    },
    close: () => socket.close(),
  };
}

/** By name of a function: the share of the time (0 to 1) in which it was on the stack. */
function sharesOf({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((of) => [of, id])));
  const shares = new Map<string, number>();
  const total = timeDeltas.reduce((sum, us) => sum + us, 0);
  for (const [at, sample] of samples.entries()) {
    const stack = new Set<string>();
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      stack.add(names.get(id) ?? "");
    }
    for (const name of stack) {
      if (name !== "") shares.set(name, (shares.get(name) ?? 0) + (timeDeltas[at] ?? 0) / total);
    }
  }
  return shares;
}
