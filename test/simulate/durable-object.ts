/**
 * A Durable Object: one machine under a name, started when it is called or when its alarm is due. It may be gone at any
 * write; its storage and its alarm stay.
 */
import type { Storage } from "@regulars/shared/storage/port";
import type { Disk } from "./disk.ts";
import type { Process } from "./process.ts";
import type { Machine, WorldParts } from "./parts.ts";

/** What a caller hears when the object goes while it works, and when a call inside the edge fails. */
export class ObjectReset extends Error {}

export interface ObjectHost<Object> extends Machine {
  call<Value>(task: (object: Object) => Promise<Value> | Value): Promise<Value>;
}

export interface ObjectOptions<Object> {
  readonly name: string;
  readonly disk: Disk;
  readonly build: (process: Process, storage: Storage, background: Background) => Object;
}

export interface Background {
  readonly setAlarm: (atMs: number) => Promise<void>;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly random: () => number;
}

/** The platform tries a failed alarm again after this. */
const ALARM_AGAIN_MS = 2_000;

export function createObject<Object extends { open(): Promise<void>; alarm?(): Promise<void> }>(
  { timeline, processes, randomOf, tell, alarmsAreSure }: WorldParts,
  { name, disk, build }: ObjectOptions<Object>,
): ObjectHost<Object> {
  const random = randomOf(name);
  let running: { process: Process; object: Object; ready: Promise<void> } | null = null;
  let downUntilMs = 0;
  const calls = new Set<(error: Error) => void>();
  let callOffAlarm: (() => void) | null = null;

  function ended(): void {
    running = null;
    for (const fail of calls) fail(new ObjectReset("the object was reset"));
    calls.clear();
  }

  function start() {
    const process = processes.start(name, ended);
    const object = build(process, disk.open(process).storage, {
      setAlarm: async (atMs) => {
        if (process.isHeard() || (alarmsAreSure && process.isAlive())) setAlarm(atMs);
      },
      nowMs: timeline.nowMs,
      wait: (ms) => process.wait(ms),
      random,
    });
    const run = { process, object, ready: Promise.resolve() };
    running = run;
    run.ready = object.open();
    // As the platform does with an object that could not be made.
    run.ready.catch(() => process.kill());
    return run;
  }

  function setAlarm(atMs: number): void {
    if (atMs <= 0) throw new TypeError("an alarm has no time");
    callOffAlarm?.();
    callOffAlarm = timeline.after(atMs - timeline.nowMs(), () => {
      host
        .call(async (object) => object.alarm?.())
        .catch(() => setAlarm(timeline.nowMs() + ALARM_AGAIN_MS));
    });
  }

  function reset(downMs: number): void {
    if (running) tell(name, () => "is reset");
    downUntilMs = timeline.nowMs() + downMs;
    running?.process.kill();
  }

  const host: ObjectHost<Object> = {
    name,
    disk,
    isUp: () => true,
    async call(task) {
      if (timeline.nowMs() < downUntilMs) throw new ObjectReset("the object is not there");
      const { process, object, ready } = running ?? start();
      if (!process.isAlive()) throw new ObjectReset("the object did not start");
      return new Promise((done, failed) => {
        calls.add(failed);
        const settle =
          <Given>(give: (given: Given) => void) =>
          (given: Given): void => {
            // The output gate: of an object that is about to go, no word gets out.
            if (process.isHeard() && calls.delete(failed)) give(given);
          };
        ready.then(() => task(object)).then(settle(done), settle(failed));
      });
    },
    crash: ({ downMs }) => reset(downMs),
    planCrash(write, when, { downMs }) {
      disk.planCrash({
        write,
        when,
        strike() {
          tell(name, () => `is reset ${when} a write`);
          downUntilMs = timeline.nowMs() + downMs;
          if (when === "before") running?.process.kill();
          else running?.process.killAtTurnEnd();
        },
      });
    },
    heal() {
      downUntilMs = 0;
      disk.setFull(false);
      disk.planCrash({ write: Infinity, when: "before", strike: () => undefined });
    },
  };
  return host;
}
