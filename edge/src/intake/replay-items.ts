/** One page of a replay: accounts as they are set now, proofs looked at once more, and then read like anything that comes. */
import { type Failure, failureOf } from "@regulars/shared/connect/failure";
import type { Serial } from "@regulars/shared/serial";
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import type { RoundResult } from "../background.ts";
import type { AccountWithSecrets } from "../registry/port.ts";
import { type Item, readItems } from "./page.ts";
import { accountStatement } from "./receive.ts";
import {
  accountsOfItems,
  beginAnew,
  chooseItems,
  type ReplayAsk,
  setAsideOf,
  stillFailed,
  unprovenOf,
} from "./replay.ts";

export type Verify = (
  account: AccountWithSecrets,
  item: Pick<Item, "format" | "body" | "headers" | "receivedMs">,
) => Failure | null;

export interface ReplayDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly accountOf: (id: string) => Promise<AccountWithSecrets | null>;
  readonly verify: Verify;
  readonly processing: Serial;
  readonly process: () => Promise<RoundResult>;
}

export interface ReplayedItems {
  readonly replayed: number;
  /** Failed, and listed with the reason of now. */
  readonly kept: number;
  /** How many are kept for which reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Of those that are kept: what an import could not use, and nobody can read here. Its reason is the import's. */
  readonly setAside: number;
  readonly more: boolean;
  /** Where the next page begins. */
  readonly next: number | null;
}

/** More than the items of a page need, and an end where new ones come without end. */
const ROUNDS_MAX = 50;

export async function replayItems(deps: ReplayDeps, ask: ReplayAsk): Promise<ReplayedItems> {
  const { storage, nowMs } = deps;
  const numbers = await chooseItems(storage, ask);
  const accounts = await refreshAccounts(deps, numbers);
  const setAside = await setAsideOf(storage, numbers);
  const refused = await refusedOf(deps, accounts, numbers);
  const unread = new Set([...setAside, ...refused]);
  const read = numbers.filter((n) => !unread.has(n));
  await deps.processing(() => beginAnew(storage, read, ask, nowMs()));
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if ((await deps.process()) !== "again") break;
  }
  const reasons = await stillFailed(storage, numbers);
  const kept = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  const more = ask.isLike && numbers.length === LIMITS.intakeReplayItems;
  const last = numbers.at(-1) ?? null;
  const replayed = numbers.length - kept;
  return { replayed, kept, reasons, setAside: setAside.length, more, next: more ? last : null };
}

async function refreshAccounts(
  { storage, accountOf }: ReplayDeps,
  numbers: readonly number[],
): Promise<Map<string, AccountWithSecrets>> {
  const accounts = new Map<string, AccountWithSecrets>();
  for (const id of await accountsOfItems(storage, numbers)) {
    const account = await accountOf(id);
    if (account) accounts.set(id, account);
  }
  await storage.write([...accounts.values()].map((account) => accountStatement(account, null)));
  return accounts;
}

/** What does not prove where it comes from is never read, whoever asks for it. */
async function refusedOf(
  { storage, verify }: ReplayDeps,
  accounts: ReadonlyMap<string, AccountWithSecrets>,
  numbers: readonly number[],
): Promise<number[]> {
  const items = await readItems(storage, await unprovenOf(storage, numbers));
  return items
    .filter((item) => {
      const account = accounts.get(item.account);
      const failure = account ? verify(account, item) : failureOf("bad_signature");
      return failure !== null;
    })
    .map(({ n }) => n);
}
