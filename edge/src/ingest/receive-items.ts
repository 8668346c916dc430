/** What all doors of the intake have in common: durable first, then the answer (ING1), and no words of what was sent (SEC2). */
import type { Account } from "@regulars/shared/connect/account";
import { type Failure, wordsOf } from "@regulars/shared/connect/failure";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import type { Caller } from "../access/caller.ts";
import type { Env } from "../environment.ts";
import type { ReceivedItem } from "../intake/port.ts";
import { logError } from "../log.ts";
import { problemResponse } from "../problem-response.ts";
import { intakeOf } from "../stubs.ts";

/** An item, or several of one delivery, and which of them cannot be used. */
export interface Delivery {
  readonly items: readonly ReceivedItem[];
  /** What else the answer says. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export async function receiveItems(
  env: Env,
  account: Account,
  { items, more = {} }: Delivery,
): Promise<Response> {
  try {
    const named = items.map((item) => ({ ...item, topic: topicName(item.topic) }));
    const answer = await intakeOf(env, account.shop).receive(account, named);
    if (!answer) return overloadedResponse();
    const failed = items.flatMap((item, at) => (item.failed ? [failedOf(item.failed, at)] : []));
    return Response.json({ ...more, ...answer, failed });
  } catch (error) {
    logError("ingest", error);
    return problemResponse(problemOf("storage_unavailable"));
  }
}

/**
 * Topics stand in lists and are said by whoever sends: only what could be the name of a kind of message is written down (SEC2).
 * No kind that is taken in is named otherwise.
 */
function topicName(said: string): string {
  const isName = /^[a-z0-9_]+(?:[./:-][a-z0-9_]+)*$/i.test(said) && !/\d{6}/.test(said);
  return said === "" || (isName && said.length <= 100) ? said : "other";
}

/** Kept for the desk all the same. Lines and messages are counted from 1, as people count them. */
const failedOf = (failure: Failure, at: number) => ({
  line: at + 1,
  code: failure.code,
  ...(failure.field === undefined ? {} : { field: failure.field }),
  words: wordsOf(failure),
});

/** Never a refusal that would make a client drop what it has (EDG5). */
export function overloadedResponse(): Response {
  const response = problemResponse(problemOf("overloaded"));
  response.headers.set("retry-after", String(Math.ceil(LIMITS.overloadRetryMs / 1_000)));
  return response;
}

/** The account that a connector speaks for; null for callers that are none. */
export const accountOfCaller = (caller: Caller): Account | null =>
  caller.kind === "connector" ? caller.account : null;
