/**
 * Processing: what was received is read, decided, and written with its effects, a page of items in one transaction. Cut off
 * anywhere, the page is processed again, and has its effect once (SYN2, ING1).
 */
import type { Account } from "@regulars/shared/connect/account";
import { failureOf } from "@regulars/shared/connect/failure";
import type { Mapper } from "@regulars/shared/connect/mapper";
import { LIMITS } from "@regulars/shared/limits";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { RoundResult } from "../background.ts";
import { decideCapture } from "./decide-capture.ts";
import { decideTaken } from "./decide-order.ts";
import { DamagedFragment, type Fragments } from "./fragments.ts";
import { loadAccounts, loadView, type Read } from "./load-view.ts";
import { wakeStatement } from "./order-store.ts";
import { NO_WORTH, type Outcome, outcomeStatement, TILL_RETRY } from "./outcome.ts";
import { type Item, nextDue, readItems, readPage } from "./page.ts";
import { type ReadItem, readItem } from "./read-item.ts";
import { takeOver } from "./take-over.ts";
import { tallyStatement, TILLS } from "./receive.ts";
import { createStage, type Stage, type View } from "./stage.ts";
import type { Waiting } from "./waiting.ts";
import { loadWriters, rolledStatement, startWriter, writerStatement } from "./writers.ts";

export interface ProcessDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly pepper: string;
  readonly mappers: Readonly<Record<string, Mapper>>;
  readonly fragments: Fragments;
  readonly waiting: Waiting;
  readonly onError: (what: string, error: unknown) => void;
}

/** A mistake of ours met this item: the others go on without it (SYN6). */
class SpoiledItem extends Error {
  readonly item: Item;
  constructor(item: Item, cause: unknown) {
    super("an item cannot be processed", { cause });
    this.item = item;
  }
}

export async function processRound(deps: ProcessDeps): Promise<RoundResult> {
  const { storage, nowMs } = deps;
  const page = await readPage(storage, nowMs());
  if (page.length === 0) return nextDue(storage, "<> 'fetching'");
  const accounts = await loadAccounts(storage);
  try {
    await processPage(deps, accounts, page);
  } catch (error) {
    deps.onError("intake page", error);
    await processApart(deps, accounts, page);
  }
  return "again";
}

/**
 * One by one, where the write of all failed: one of them may be what the storage cannot hold, and the others do not wait for
 * it (SYN6). Where nothing can be written at all, this throws at the first, and the round is tried again.
 */
async function processApart(
  deps: ProcessDeps,
  accounts: ReadonlyMap<string, Account>,
  page: readonly Item[],
): Promise<void> {
  const { storage, random } = deps;
  for (const { n } of page) {
    // Read anew: the write may have been done, and only its answer lost.
    const [item] = await readItems(storage, [n], deps.nowMs());
    if (!item) continue;
    try {
      await processPage(deps, accounts, [item]);
    } catch (error) {
      const retry = accounts.get(item.account)?.retry ?? TILL_RETRY;
      const context = { nowMs: deps.nowMs(), random, retry };
      const outcome: Outcome = { state: "failed", ...internal(deps, error) };
      await storage.write([outcomeStatement(item, outcome, context)]);
      if (item.state === "waiting") deps.waiting.went(item.account, 1, item.body.byteLength);
    }
  }
}

async function processPage(
  deps: ProcessDeps,
  accounts: ReadonlyMap<string, Account>,
  page: readonly Item[],
): Promise<void> {
  const { storage } = deps;
  const spoiled = new Map<Item, Outcome>();
  for (;;) {
    try {
      await processItems(deps, accounts, page, spoiled);
      return;
    } catch (error) {
      deps.fragments.forget();
      if (error instanceof DamagedFragment) await leaveEpoch(storage, error.source);
      else if (error instanceof SpoiledItem && !spoiled.has(error.item)) {
        spoiled.set(error.item, { state: "failed", ...internal(deps, error.cause) });
      } else throw error;
    }
  }
}

async function leaveEpoch(storage: Storage, source: string): Promise<void> {
  const writer = (await loadWriters(storage)).get(source) ?? startWriter(source, 1);
  await storage.write([rolledStatement(source, writer)]);
}

async function processItems(
  deps: ProcessDeps,
  accounts: ReadonlyMap<string, Account>,
  page: readonly Item[],
  spoiled: ReadonlyMap<Item, Outcome>,
): Promise<void> {
  const nowMs = deps.nowMs();
  const good = page.filter((item) => !spoiled.has(item));
  const reads = good.map((item): Read => ({
    item,
    read: attempt(
      () => readItem(item, accounts.get(item.account) ?? null, { ...deps, nowMs }),
      (cause): ReadItem => ({ is: "failed", ...internal(deps, cause) }),
    ),
  }));
  const view = await loadView(deps, accounts, reads, nowMs);
  const changed = new Set<string>();
  const arrived: string[] = [];
  const statements: Statement[] = [];
  const outcomes = new Map(spoiled);
  for (const { item, read } of reads) {
    const { outcome, stage } = attempt(
      () => decideItem(view, item, read),
      (cause): DecidedItem => ({ outcome: { state: "failed", ...internal(deps, cause) } }),
    );
    outcomes.set(item, outcome);
    if (!stage) continue;
    const taken = attempt(
      () => takeOver(view, stage, changed),
      (cause) => {
        // Part of it may be recorded: all of the page is begun anew, without it.
        throw new SpoiledItem(item, cause);
      },
    );
    statements.push(...taken);
    arrived.push(...stage.names.keys(), ...stage.receipts.keys());
  }
  for (const source of changed) {
    const writer = view.writers.get(source);
    if (writer) statements.push(writerStatement(source, writer));
  }
  await deps.storage.write([
    ...statements,
    ...deps.fragments.statements(),
    ...settleStatements(deps, accounts, outcomes, nowMs),
    // Last: an item of this page may wait for another one of it.
    ...(arrived.length > 0 ? [wakeStatement(arrived, nowMs)] : []),
  ]);
  deps.fragments.committed();
  for (const { state, account, body } of outcomes.keys()) {
    if (state === "waiting") deps.waiting.went(account, 1, body.byteLength);
  }
}

/** What goes wrong with one item concerns that item alone (SYN6). */
function attempt<Value>(task: () => Value, otherwise: (cause: unknown) => Value): Value {
  try {
    return task();
  } catch (error) {
    if (error instanceof DamagedFragment) throw error;
    return otherwise(error);
  }
}

function internal({ onError }: Pick<ProcessDeps, "onError">, cause: unknown) {
  onError("intake item", cause);
  return { failure: failureOf("internal"), worth: NO_WORTH };
}

interface DecidedItem {
  readonly outcome: Outcome;
  /** What it does, where it is of use. */
  readonly stage?: Stage;
}

function decideItem(view: View, item: Item, read: ReadItem): DecidedItem {
  switch (read.is) {
    case "failed":
      return { outcome: { state: "failed", failure: read.failure, worth: read.worth } };
    case "needs":
      return { outcome: { state: "fetching", path: read.path } };
    case "ignored":
      return { outcome: { state: "dropped" } };
    case "taken":
    case "captures":
      return decideEffects(view, item, read);
  }
}

/** Room for what sealing adds: number, stamp, source. */
const ENVELOPE_CHARS = 1_024;

function decideEffects(
  view: View,
  item: Item,
  read: Extract<ReadItem, { is: "taken" | "captures" }>,
): DecidedItem {
  const stage = createStage(view);
  if (read.is === "taken") decideTaken(stage, read.taken);
  else {
    const account = view.accounts.get(item.account);
    if (!account) throw new Error("the account of an item is not known");
    for (const prepared of read.captures) {
      const undecided = decideCapture(stage, account, prepared);
      if (undecided) return { outcome: { state: "failed", worth: read.worth, ...undecided } };
    }
  }
  const isTooLarge =
    stage.drafts.some(
      ({ draft }) => JSON.stringify(draft).length > LIMITS.eventBytes - ENVELOPE_CHARS,
    ) ||
    [...stage.books.values()].some((book) => JSON.stringify(book).length > LIMITS.intakeBookChars);
  if (isTooLarge && read.is === "captures") {
    return { outcome: { state: "failed", failure: failureOf("too_large"), worth: read.worth } };
  }
  return { outcome: { state: "done" }, stage };
}

function settleStatements(
  { random }: ProcessDeps,
  accounts: ReadonlyMap<string, Account>,
  outcomes: ReadonlyMap<Item, Outcome>,
  nowMs: number,
): Statement[] {
  const counts = new Map<string, { good: number; failed: number }>();
  const statements = [...outcomes].map(([item, outcome]) => {
    const count = counts.get(item.account) ?? { good: 0, failed: 0 };
    counts.set(item.account, count);
    if (outcome.state === "done") count.good += 1;
    // Tried again it is no other failure.
    if (outcome.state === "failed" && item.attempts === 0) count.failed += 1;
    const retry = accounts.get(item.account)?.retry ?? TILL_RETRY;
    return outcomeStatement(item, outcome, { nowMs, random, retry });
  });
  for (const [account, count] of counts) {
    if (account === TILLS || count.good + count.failed === 0) continue;
    statements.push(tallyStatement(account, nowMs, count));
    if (count.good > 0) {
      const sql = "update account set good_ms = ? where id = ?";
      statements.push({ sql, args: [nowMs, account] });
    }
  }
  return statements;
}
