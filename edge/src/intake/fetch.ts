/**
 * Fetching: some messages say only that something has changed, and what it is now has to be asked for. Only ever below the
 * address that is set for the account, whatever the message says.
 */
import { type Failure, failureOf } from "@regulars/shared/connect/failure";
import { LIMITS } from "@regulars/shared/limits";
import { fail, ok, type Result } from "@regulars/shared/result";
import { rowsOf, type Storage, numberOf } from "@regulars/shared/storage/port";
import type { AccountWithSecrets } from "../registry/port.ts";
import type { RoundResult } from "../background.ts";
import { gather } from "../gather.ts";
import { NO_WORTH, outcomeStatement, TILL_RETRY } from "./outcome.ts";
import { type Item, nextDue, readItems } from "./page.ts";
import type { Waiting } from "./waiting.ts";

export interface FetchDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly accountOf: (id: string) => Promise<AccountWithSecrets | null>;
  readonly waiting: Pick<Waiting, "cameBack">;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Its provider's own, where the account names none. */
const API_BASES: Readonly<Record<string, string>> = { square: "https://connect.squareup.com" };

export async function fetchRound(deps: FetchDeps): Promise<RoundResult> {
  const { storage, nowMs } = deps;
  const rows = await rowsOf(
    storage,
    `select n from received where due_ms <= ? and state = 'fetching' order by due_ms, n limit ?`,
    [nowMs(), LIMITS.intakeFetchItems],
  );
  const items = await readItems(
    storage,
    rows.map((row) => numberOf(row, "n")),
  );
  if (items.length === 0) return nextDue(storage, "= 'fetching'");
  await Promise.all(items.map((item) => fetchOne(deps, item)));
  return "again";
}

async function fetchOne(deps: FetchDeps, item: Item): Promise<void> {
  const { storage, nowMs, random } = deps;
  const account = await deps.accountOf(item.account);
  const fetched = await fetchFor(deps, account, item.needs ?? "");
  if (fetched.ok) {
    await storage.write([
      {
        sql: `update received set state = 'waiting', fetched = ?, due_ms = ?
              where n = ? and state = 'fetching'`,
        args: [fetched.value, nowMs(), item.n],
      },
    ]);
    deps.waiting.cameBack(item.account, item.body.byteLength);
    return;
  }
  const context = { nowMs: nowMs(), random, retry: account?.retry ?? TILL_RETRY };
  const failure = fetched.reason;
  // Failed and due, it is read again, and asks for the same once more.
  await storage.write([
    outcomeStatement(item, { state: "failed", failure, worth: NO_WORTH }, context),
  ]);
}

async function fetchFor(
  deps: FetchDeps,
  account: AccountWithSecrets | null,
  path: string,
): Promise<Result<Uint8Array, Failure>> {
  if (!account) return fail(failureOf("unreachable", undefined, "The account is not known."));
  const url = urlBelow(account.apiBase ?? API_BASES[account.kind], path);
  if (!url) return fail(failureOf("bad_field", "path", "It does not lie below the API's address."));
  const { apiToken } = account.secrets;
  if (apiToken === undefined)
    return fail(failureOf("refused_access", undefined, "No token is set."));
  try {
    const response = await deps.fetch(
      new Request(url, {
        headers: { authorization: `Bearer ${apiToken}`, accept: "application/json" },
        // Elsewhere the token has no business.
        redirect: "manual",
        signal: AbortSignal.timeout(LIMITS.intakeFetchMs),
      }),
    );
    return await readAnswer(response);
  } catch {
    return fail(failureOf("unreachable")); // network errors come in many kinds; all mean the same here
  }
}

/** Null where the path leads out of the base: the base is the retailer's word, the path is not. */
export function urlBelow(base: string | undefined, path: string): URL | null {
  if (base === undefined || !path.startsWith("/") || path.startsWith("//")) return null;
  const below = base.endsWith("/") ? base.slice(0, -1) : base;
  if (!URL.canParse(`${below}${path}`)) return null;
  const [root, url] = [new URL(`${below}/`), new URL(`${below}${path}`)];
  const isBelow = url.origin === root.origin && url.pathname.startsWith(root.pathname);
  return isBelow && url.username === "" && url.password === "" ? url : null;
}

async function readAnswer(response: Response): Promise<Result<Uint8Array, Failure>> {
  const { status } = response;
  if (status === 401 || status === 403) return fail(failureOf("refused_access"));
  if (status === 404 || status === 410) return fail(failureOf("not_found"));
  if (status !== 200) return fail(failureOf("unreachable", undefined, `It answered ${status}.`));
  const body: ReadableStream<Uint8Array> | null = response.body;
  const bytes = body ? await gather(body, LIMITS.intakeFetchBytes) : new Uint8Array();
  return bytes ? ok(bytes) : fail(failureOf("too_large"));
}
