/** All that somebody needs to decide about one pair, read at one moment. */
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import type { MatchingContext } from "../../resolve/matching-context.ts";
import { explainPair, type PairExplanation } from "../../steward/explain.ts";
import {
  POTENTIAL_COUNT,
  type PotentialMatch,
  readPotentialMatch,
  readPotentialMatches,
} from "../../steward/potential-matches.ts";
import { seenOf } from "../../steward/seen.ts";
import { type CustomerView, readCustomer } from "../customers/customer.ts";
import { readZoneOf } from "../customers/read-page.ts";
import type { Person } from "../../access/person.ts";
import { type Looks, pairOf } from "./looks.ts";

export interface PairView {
  readonly views: readonly [CustomerView, CustomerView];
  readonly zones: readonly (string | null)[];
  /** Null when the two are no question any more. */
  readonly match: PotentialMatch | null;
  readonly why: PairExplanation | null;
  readonly seen: string;
  /** Pairs that wait, this one among them. */
  readonly count: number;
}

/** Null when one of them is nobody, or both are one. Not to be run beside an intake. */
export async function readPair(
  storage: Storage,
  [one, two]: readonly [CustomerId, CustomerId],
  matching: MatchingContext,
): Promise<PairView | null> {
  const [a, b] = [await readCustomer(storage, one), await readCustomer(storage, two)];
  // An id that redirects is not the customer that somebody was asked about.
  if (a?.customer !== one || b?.customer !== two) return null;
  const match = await readPotentialMatch(storage, one, two);
  const records = match?.records ?? ([a.records[0]?.id ?? "", b.records[0]?.id ?? ""] as const);
  const [counted] = await rowsOf(storage, POTENTIAL_COUNT.sql);
  return {
    views: [a, b],
    zones: [await readZoneOf(storage, a), await readZoneOf(storage, b)],
    match,
    why: await explainPair(storage, ...records, matching, true),
    seen: await seenOf(storage, [one, two]),
    count: numberOf(counted ?? {}, "n"),
  };
}

const AHEAD = 20;

/** The next pair of the queue that nobody else is looking at; from the start again after the last. */
export async function nextPair(
  storage: Storage,
  after: string | null,
  looks: Looks,
  person: Person,
  nowMs: number,
): Promise<PotentialMatch | null> {
  const { matches } = await readPotentialMatches(storage, { after, limit: AHEAD });
  const free = matches.find(({ customers }) => looks.other(pairOf(customers), person, nowMs) === null); // prettier-ignore
  const next = free ?? matches[0] ?? null;
  return next || after === null ? next : nextPair(storage, null, looks, person, nowMs);
}
