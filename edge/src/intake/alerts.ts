/** Alerts: when an account's state changes, whoever is named for it is told, until they have taken it. */
import { backoffMs } from "@regulars/shared/backoff";
import type { Account } from "@regulars/shared/connect/account";
import { bytesToHex, hmacSha256 } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { RoundResult } from "../background.ts";
import type { AccountWithSecrets } from "../registry/port.ts";
import { type AccountHealth, type AlertKind, alertsOf, healthOf } from "./health.ts";
import { loadAccounts } from "./load-view.ts";
import { accountStatement } from "./receive.ts";

export interface AlertDeps {
  readonly storage: Storage;
  readonly shop: string;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly accountOf: (id: string) => Promise<AccountWithSecrets | null>;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Once a minute; between two of them it only says when the next one is due. */
export function createAlertRound(
  deps: AlertDeps,
  onNotices: () => void,
): () => Promise<RoundResult> {
  let lookedMs = -Infinity;
  return async () => {
    const nowMs = deps.nowMs();
    if (nowMs < lookedMs + LIMITS.intakeAlertMs) return { atMs: lookedMs + LIMITS.intakeAlertMs };
    lookedMs = nowMs;
    const known = await loadAccounts(deps.storage);
    if (known.size === 0) return "idle";
    const statements = await refreshed(deps, known);
    for (const health of await healthOf(deps.storage, nowMs)) {
      const account = known.get(health.account);
      if (account) statements.push(...changesOf(deps.shop, account, health, nowMs));
    }
    await deps.storage.write(statements);
    onNotices();
    return { atMs: nowMs + LIMITS.intakeAlertMs };
  };
}

/** Accounts as they are set now: `known` is brought up to date as well. */
async function refreshed(deps: AlertDeps, known: Map<string, Account>): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (const [id, before] of known) {
    const now = await deps.accountOf(id).catch(() => null); // the next minute asks again
    if (!now) continue;
    const statement = accountStatement(now, null);
    if (statement.args?.[1] === JSON.stringify(before)) continue;
    known.set(id, now);
    statements.push(statement);
  }
  return statements;
}

function changesOf(
  shop: string,
  account: Account,
  health: AccountHealth,
  nowMs: number,
): Statement[] {
  const current = alertsOf(account, health, nowMs);
  const raised = current.filter((kind) => !health.alerts.includes(kind));
  const resolved = health.alerts.filter((kind) => !current.includes(kind));
  return [
    ...raised.flatMap((kind) => [
      {
        sql: "insert into alert (account, kind, since_ms) values (?, ?, ?) on conflict do nothing",
        args: [account.id, kind, nowMs],
      },
      ...noticeStatements(shop, account, { kind, state: "raised", health, nowMs }),
    ]),
    ...resolved.flatMap((kind) => [
      { sql: "delete from alert where account = ? and kind = ?", args: [account.id, kind] },
      ...noticeStatements(shop, account, { kind, state: "resolved", health, nowMs }),
    ]),
  ];
}

interface Change {
  readonly kind: AlertKind;
  readonly state: "raised" | "resolved";
  readonly health: AccountHealth;
  readonly nowMs: number;
}

/** A CloudEvent, with numbers and names of ours only. */
function noticeStatements(shop: string, account: Account, change: Change): Statement[] {
  if (account.alertUrl === undefined) return [];
  const { kind, state, health, nowMs } = change;
  const id = `${account.id}/${kind}/${state}/${nowMs}`;
  const { waiting, lagMs, failed, errorRate, seenMs, stopped } = health;
  const body = JSON.stringify({
    specversion: "1.0",
    id,
    source: `/shops/${shop}/accounts/${account.id}`,
    type: `regulars.intake.alert.${state}`,
    time: new Date(nowMs).toISOString(),
    datacontenttype: "application/json",
    data: {
      alert: kind,
      state,
      shop,
      account: account.id,
      waiting,
      lagMs,
      failed,
      errorRate,
      stopped,
      lastSeenAt: seenMs === null ? null : new Date(seenMs).toISOString(),
    },
  });
  return [
    {
      sql: "insert into notice (id, account, body, due_ms) values (?, ?, ?, ?) on conflict do nothing",
      args: [id, account.id, body, nowMs],
    },
  ];
}

export async function noticeRound(deps: AlertDeps): Promise<RoundResult> {
  const { storage, nowMs } = deps;
  const rows = await rowsOf(
    storage,
    "select id, account, body, attempts from notice where due_ms <= ? order by due_ms limit ?",
    [nowMs(), LIMITS.noticeItems],
  );
  if (rows.length === 0) {
    const [next] = await rowsOf(storage, "select min(due_ms) as due from notice");
    const due = next?.["due"];
    return typeof due === "number" ? { atMs: due } : "idle";
  }
  const sent = await Promise.all(rows.map((row) => send(deps, row)));
  await storage.write(sent.flat());
  return "again";
}

async function send(deps: AlertDeps, row: Row): Promise<Statement[]> {
  const [id, attempts] = [textOf(row, "id"), numberOf(row, "attempts") + 1];
  const account = await deps.accountOf(textOf(row, "account"));
  const isTaken =
    account?.alertUrl === undefined || (await post(deps, account, textOf(row, "body")));
  if (isTaken || attempts >= LIMITS.noticeAttempts) {
    return [{ sql: "delete from notice where id = ?", args: [id] }];
  }
  const waitMs = backoffMs(attempts + 4, deps.random, LIMITS.intakeRetryMaxMs);
  return [
    {
      sql: "update notice set attempts = ?, due_ms = ? where id = ?",
      args: [attempts, deps.nowMs() + waitMs, id],
    },
  ];
}

async function post(deps: AlertDeps, account: AccountWithSecrets, body: string): Promise<boolean> {
  const { alertUrl, secrets } = account;
  if (alertUrl === undefined) return true;
  try {
    const response = await deps.fetch(
      new Request(alertUrl, {
        method: "POST",
        body,
        redirect: "manual",
        headers: {
          "content-type": "application/cloudevents+json",
          ...signatureOf(secrets.webhookSecret, body, deps.nowMs()),
        },
        signal: AbortSignal.timeout(LIMITS.intakeFetchMs),
      }),
    );
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // network errors come in many kinds; all mean the same here
  }
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA-256 of `<seconds>.<body>` with the account's webhook secret; none without one. */
export function signatureOf(
  secret: string | undefined,
  body: string,
  nowMs: number,
): Record<string, string> {
  if (secret === undefined) return {};
  const seconds = Math.floor(nowMs / 1_000);
  const digest = bytesToHex(hmacSha256(secret, `${seconds}.${body}`));
  return { "regulars-signature": `t=${seconds},v1=${digest}` };
}
