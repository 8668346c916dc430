/**
 * The edge's own Worker with a meter around it: every row that the storage of an object says it has read or written, every
 * alarm that is set, every call of an object. Bundled by the self-hosted edge in place of the Worker itself.
 */
import { Directory as PlainDirectory } from "../src/directory/object.ts";
import type { Env } from "../src/environment.ts";
import { Inbox as PlainInbox } from "../src/inbox/object.ts";
import { Intake as PlainIntake } from "../src/intake/object.ts";
import { ProfileShard as PlainProfileShard } from "../src/profile/object.ts";
import { Registry as PlainRegistry } from "../src/registry/object.ts";
import plain from "../src/worker.ts";

interface Count {
  requests: number;
  alarmsSet: number;
  alarmsRun: number;
  rowsRead: number;
  rowsWritten: number;
  bytes: number;
  activeMs: number;
}

const counts = new Map<string, Count>();
const statements = new Map<string, number>();
let workerRequests = 0;

function countOf(name: string): Count {
  const known = counts.get(name);
  if (known) return known;
  const fresh = {
    requests: 0,
    alarmsSet: 0,
    alarmsRun: 0,
    rowsRead: 0,
    rowsWritten: 0,
    bytes: 0,
    activeMs: 0,
  };
  counts.set(name, fresh);
  return fresh;
}

/** Only the object itself may ask how large it is: as it was after its last write. */
const sizes = new Map<DurableObjectStorage, { readonly name: string; readonly bytes: number }>();

/** Between two things that an object does within this time (ms) it waits for the other, and is charged for it. */
const AWAKE_MS = 250;
const lastActiveMs = new WeakMap<object, number>();

function awake(object: object, count: Count): void {
  const nowMs = Date.now();
  const gapMs = nowMs - (lastActiveMs.get(object) ?? 0);
  if (gapMs < AWAKE_MS) count.activeMs += gapMs;
  lastActiveMs.set(object, nowMs);
}

/** The storage says what a statement has cost when all of its rows are read. */
function meterStorage(storage: DurableObjectStorage, name: string): void {
  const { sql } = storage;
  const count = countOf(name);
  const exec = sql.exec.bind(sql);
  const metered = (text: string, ...args: SqlStorageValue[]) => {
    awake(storage, count);
    const cursor = exec(text, ...args);
    const rows = cursor.toArray();
    count.rowsRead += cursor.rowsRead;
    count.rowsWritten += cursor.rowsWritten;
    if (cursor.rowsWritten > 0) {
      sizes.set(storage, { name, bytes: sql.databaseSize });
      const at = `${name}: ${text.replaceAll(/\s+/g, " ").slice(0, 70)}`;
      statements.set(at, (statements.get(at) ?? 0) + cursor.rowsWritten);
    }
    return { toArray: () => rows };
  };
  Object.defineProperty(sql, "exec", { value: metered });
  const setAlarm = storage.setAlarm.bind(storage);
  Object.defineProperty(storage, "setAlarm", {
    value: (atMs: number) => {
      count.alarmsSet += 1;
      return setAlarm(atMs);
    },
  });
}

/** Every method that an object is called by, counted. */
function meterCalls(prototype: object, name: string): void {
  for (const method of Object.getOwnPropertyNames(prototype)) {
    const plainMethod: unknown = Reflect.get(prototype, method);
    if (method === "constructor" || typeof plainMethod !== "function") continue;
    Object.defineProperty(prototype, method, {
      configurable: true,
      value(this: object, ...args: unknown[]): unknown {
        const count = countOf(name);
        if (method === "alarm") count.alarmsRun += 1;
        else count.requests += 1;
        return Reflect.apply(plainMethod, this, args);
      },
    });
  }
}

export class Directory extends PlainDirectory {
  constructor(ctx: DurableObjectState, env: Env) {
    meterStorage(ctx.storage, "Directory");
    super(ctx, env);
  }
}
export class Inbox extends PlainInbox {
  constructor(ctx: DurableObjectState, env: Env) {
    meterStorage(ctx.storage, "Inbox");
    super(ctx, env);
  }
}
export class Intake extends PlainIntake {
  constructor(ctx: DurableObjectState, env: Env) {
    meterStorage(ctx.storage, "Intake");
    super(ctx, env);
  }
}
export class ProfileShard extends PlainProfileShard {
  constructor(ctx: DurableObjectState, env: Env) {
    meterStorage(ctx.storage, "ProfileShard");
    super(ctx, env);
  }
}
export class Registry extends PlainRegistry {
  constructor(ctx: DurableObjectState, env: Env) {
    meterStorage(ctx.storage, "Registry");
    super(ctx, env);
  }
}
for (const [name, kind] of Object.entries({
  Directory: PlainDirectory,
  Inbox: PlainInbox,
  Intake: PlainIntake,
  ProfileShard: PlainProfileShard,
  Registry: PlainRegistry,
})) {
  meterCalls(kind.prototype, name);
}

function report(): Response {
  for (const count of counts.values()) count.bytes = 0;
  for (const { name, bytes } of sizes.values()) countOf(name).bytes += bytes;
  const objects = Object.fromEntries(counts);
  return Response.json({ workerRequests, objects, statements: Object.fromEntries(statements) });
}

export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/bench/counts") return report();
    workerRequests += 1;
    return plain.fetch(request, env, ctx);
  },
  scheduled: plain.scheduled,
} satisfies ExportedHandler<Env>;
