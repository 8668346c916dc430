/**
 * Capture: from what a POS says to rows that survive a power cut.
 *
 * Callers that arrive while a commit is under way share the next one (CAP2). What is in memory (head of the journal,
 * clock, open documents) runs ahead of the disk during a commit; when that fails it is thrown away and read anew.
 */
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, zodErrorToProblem } from "@regulars/shared/problem";
import { fail, type Result } from "@regulars/shared/result";
import { createSerial } from "@regulars/shared/serial";
import { createOwnFragments, DamagedFragment } from "../fragments/own-fragments.ts";
import { rollStatements } from "../journal/roll.ts";
import { loadWriter } from "../journal/writer.ts";
import type { CaptureAnswer } from "./answer.ts";
import { dayIn } from "@regulars/shared/capture/business-day";
import { commitGroup, type GroupDeps, type GroupMember, type Memory } from "./commit-group.ts";
import { captureInputSchema } from "@regulars/shared/capture/input";
import { readCustomer } from "@regulars/shared/capture/read-customer";
import { isShiftInput } from "@regulars/shared/capture/shift-input";
import { loadDrawer } from "../shift/drawer-rows.ts";

export interface CaptureDeps extends GroupDeps {
  /** Lets callers that are already at the door join the commit. */
  readonly gather: () => Promise<void>;
  readonly onCommitted: () => void;
  /** There is a closed epoch more. */
  readonly onClosed: () => void;
}

/** Parses, decides, commits, and only then answers (CAP1). Rejects when the database cannot be written. */
export type Capture = (input: unknown) => Promise<Result<CaptureAnswer, Problem>>;

interface Waiting extends GroupMember {
  readonly resolve: (answer: Result<CaptureAnswer, Problem>) => void;
  readonly reject: (error: unknown) => void;
}

export function createCapture(deps: CaptureDeps): {
  readonly capture: Capture;
  /** Runs a task between two commits; what is kept in memory is read anew after it. */
  readonly alone: <Value>(task: () => Promise<Value>) => Promise<Value>;
  /** Resolves when every capture that was begun is answered. */
  readonly settled: () => Promise<void>;
} {
  const serial = createSerial();
  const waiting: Waiting[] = [];
  let memory: Memory | null = null;
  let working: Promise<void> | null = null;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      await deps.gather();
      await serial(() => commit(takeGroup(waiting)));
    }
    working = null;
  }

  async function decideAndWrite(group: readonly Waiting[]) {
    memory ??= await remember(deps);
    const { standing, answers } = await commitGroup(deps, memory, group);
    memory = { ...memory, ...standing };
    return answers;
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      let answers: readonly Result<CaptureAnswer, Problem>[];
      try {
        answers = await decideAndWrite(group);
      } catch (error) {
        if (!(error instanceof DamagedFragment) || !memory) throw error;
        // The sale is not to wait for it: an epoch without that fragment, and the same once more (SYN5).
        await leaveEpoch(deps, memory.writer.epoch);
        memory = null;
        answers = await decideAndWrite(group);
      }
      for (const [at, answer] of answers.entries()) group[at]?.resolve(answer);
      deps.onCommitted();
    } catch (error) {
      memory = null;
      for (const { reject } of group) reject(error);
    }
  }

  return {
    capture(raw) {
      const parsed = captureInputSchema.safeParse(raw);
      if (!parsed.success) return Promise.resolve(fail(zodErrorToProblem(parsed.error)));
      const input = parsed.data;
      const at = input.at ?? new Date(deps.nowMs()).toISOString();
      const options = { ...deps.identity, today: dayIn(deps.place.zone, at) };
      const customer = isShiftInput(input)
        ? readCustomer(undefined, undefined, options)
        : readCustomer(input.customer, input.consents, options);
      return new Promise((resolve, reject) => {
        waiting.push({ input, customer, resolve, reject });
        working ??= work();
      });
    },
    alone: (task) =>
      serial(async () => {
        memory = null;
        return task();
      }),
    settled: async () => working ?? undefined,
  };
}

/** Void and seal read the journal, so each starts a group: what it takes back, or seals, is committed by then. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  const next = waiting.findIndex(
    ({ input }, at) => at > 0 && (input.kind === "void" || input.kind === "seal"),
  );
  return waiting.splice(0, Math.min(LIMITS.captureGroupItems, next === -1 ? Infinity : next));
}

async function leaveEpoch({ storage, place, onClosed }: CaptureDeps, epoch: number): Promise<void> {
  const { source, store } = place;
  await storage.write(await rollStatements(storage, { source, store, epoch, reason: "damaged" }));
  onClosed();
}

async function remember({ storage, place }: CaptureDeps): Promise<Memory> {
  const writer = await loadWriter(storage);
  const of = { source: place.source, epoch: writer.epoch };
  const drawer = await loadDrawer(storage, place.store);
  return { writer, drawer, fragments: createOwnFragments(storage, of, LIMITS.writtenFragments) };
}
