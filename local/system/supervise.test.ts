import { EventEmitter, once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CommandFailure } from "../command.ts";
import { listProcesses } from "./processes.ts";
import { type Program, type Supervised, supervise, type Watch } from "./supervise.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-supervise-"));
});
afterAll(() => rm(folder, { recursive: true }));

const stay = 'process.send({ ready: true }); process.on("disconnect", () => process.exit());';
/** A program with a child of its own, as the edge has workerd; the child's command names the folder. */
const withChild = (name: string): string => `
  const { spawn } = require("node:child_process");
  const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)", ${JSON.stringify(name)}]);
  child.once("spawn", () => process.send({ ready: true }));`;

const programOf = (code: string): Program => ({
  name: "the part",
  kind: "part",
  args: ["-e", code],
  env: {},
  logBase: join(folder, "part"),
});

interface Watching extends Watch {
  readonly groups: number[];
  readonly deaths: string[];
  readonly events: EventEmitter;
}

function createWatch(): Watching {
  const events = new EventEmitter();
  const groups: number[] = [];
  const deaths: string[] = [];
  return {
    groups,
    deaths,
    events,
    onStart: (group) => {
      groups.push(group);
      events.emit("start");
    },
    onDeath: (_program, sentence) => deaths.push(sentence),
    onGone: (failure) => events.emit("gone", failure),
  };
}

const isAlive = (pid: number): boolean => listProcesses().some((each) => each.pid === pid);

describe("a supervised program", () => {
  let running: Supervised | null = null;
  afterEach(() => running?.stop());

  test("is started again after SIGKILL, and stopped for good", async () => {
    const watch = createWatch();
    running = await supervise(programOf(stay), watch);
    const [first] = watch.groups;
    expect(running.group()).toBe(first);

    const again = once(watch.events, "start");
    process.kill(first!, "SIGKILL");
    await again;
    expect(watch.deaths).toEqual(["the part ended (SIGKILL) and is started again."]);
    const [, second] = watch.groups;
    expect(second).not.toBe(first);

    await running.stop();
    expect(watch.groups).toHaveLength(2);
    expect(isAlive(second!)).toBe(false);
  });

  test("takes what it has started along when it is killed", async () => {
    const watch = createWatch();
    const name = join(folder, "its-child");
    running = await supervise(programOf(withChild(name)), watch);
    const childOf = (group: number) =>
      listProcesses().find((each) => each.group === group && each.command.endsWith(name));
    const child = childOf(watch.groups[0]!);
    expect(child).toBeDefined();
    const again = once(watch.events, "start");
    process.kill(watch.groups[0]!, "SIGKILL");
    await again;
    expect(isAlive(child!.pid)).toBe(false);
  });

  test("that cannot start says why in one sentence, its own", async () => {
    const code = 'console.error("The port 1 is in use."); process.exit(1)';
    const failure = supervise(programOf(code), createWatch());
    await expect(failure).rejects.toThrow(
      new CommandFailure("the part cannot start: The port 1 is in use."),
    );
  });

  test("that lacks a package says what to do", async () => {
    const failure = supervise(programOf('require("no-such-package")'), createWatch());
    await expect(failure).rejects.toThrow(
      'the part cannot start: A part is missing (no-such-package): run "npm ci" and try again.',
    );
  });

  test("leaves its output in its log", async () => {
    running = await supervise(programOf(`console.log("here I am"); ${stay}`), createWatch());
    expect(await readFile(join(folder, "part.log"), "utf8")).toBe("here I am\n");
  });
});
