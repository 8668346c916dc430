/**
 * A small edge for decisions in any order: real shards, tills with real fragments, inboxes of which no more is left than
 * what they remember of places, and beside it a model that says where everything has to be.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { base64ToBytes } from "@regulars/shared/digest";
import { eventSchema } from "@regulars/shared/events/event";
import { openDocument } from "@regulars/shared/fragment/document";
import { readContribution } from "@regulars/shared/fragment/fragment";
import { type CustomerId, customerIdOf, fragmentIdOf, parseFragmentId } from "@regulars/shared/ids";
import type { Item } from "@regulars/shared/protocol/item";
import type { Decision } from "@regulars/shared/protocol/publish";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { buildProfile, profileSchema } from "@regulars/shared/survivorship/profile";
import { customerOf, type Holders, holdersOf, rememberMove } from "../src/inbox/holders.ts";
import type { MergeUpdate, MovesPort } from "../src/profile/port.ts";
import { applyDecisions } from "../src/publish/apply-decisions.ts";
import { profileStubOf } from "../src/stubs.ts";
import { wholeEdge } from "../src/whole-edge.ts";
import { keysOf, openTill, sale } from "./till.ts";

export const TILLS = 3;
export const KEYS = 3;
/** One more than keys: one whom nobody has met. */
export const CUSTOMERS = 4;

export type Move = Extract<Decision, { kind: "redirect" | "assign" }>;

/** After so many steps at the edge the decision is stopped, before or after the last of them took effect. */
export interface Cut {
  readonly steps: number;
  readonly isDone: boolean;
}

class Stopped extends Error {}

let worlds = 0;

/** A till, what it has captured and the edge has not merged, and what its inbox remembers of places. */
interface Selling {
  readonly source: string;
  readonly store: string;
  readonly till: ReturnType<typeof openTill>;
  readonly waiting: Item[];
  readonly holders: Holders;
}

export function createWorld() {
  const name = `w${worlds++}`;
  const edge = wholeEdge(env);
  const keyOf = (word: string): string =>
    numbered(keysOf({ loyaltyNumber: `${name}${word}`.toUpperCase() }), 0);
  const keys = Array.from({ length: KEYS }, (_, n) => keyOf(`k${n}`));
  const customers = [...keys, keyOf("unmet")].map((key) => customerIdOf(key));
  // All tills but the last share an inbox, which must not take what it hears of one for what it knows of another.
  const inboxes: Holders[] = [new Map(), new Map()];
  const tills = Array.from({ length: TILLS }, (_, n): Selling => {
    const source = `${name}-till-${n}`;
    const isLast = n === TILLS - 1;
    const store = `${name}-${isLast ? "two" : "one"}`;
    const holders = numbered(inboxes, isLast ? 1 : 0);
    return { source, store, till: openTill(source, store), waiting: [], holders };
  });
  return {
    keys,
    customers,
    fragmentAt: (till: number, key: number): string =>
      fragmentIdOf(numbered(tills, till).source, 1, numbered(keys, key)),
    sell(n: number, subject: readonly number[]): void {
      const { till, waiting } = numbered(tills, n);
      const named = subject.map((key) => numbered(keys, key));
      waiting.push(till.capture(named, sale(100)));
    },
    drain: (n: number) => drain(edge, numbered(tills, n)),
    apply: (decisions: readonly Move[], cut: Cut | null) => apply(edge, decisions, cut),
    forget: (n: number): void => numbered(tills, n).holders.clear(),
    isWaiting: (n: number): boolean => numbered(tills, n).waiting.length > 0,
    /** What a profile of these fragments has to say. */
    profileOf: (fragments: readonly string[]) =>
      buildProfile(
        fragments.flatMap((id) => {
          const { source, key } = parseFragmentId(id);
          const own = tills.filter((each) => each.source === source);
          return own.map(({ till }) =>
            readContribution(openDocument(base64ToBytes(till.whole(key).update))),
          );
        }),
        DEFAULT_POLICY,
      ),
    stored: () => Promise.all(customers.map((customer) => storedOf(customer))),
  };
}
export type World = ReturnType<typeof createWorld>;
type Edge = ReturnType<typeof wholeEdge>;

function numbered<Value>(values: readonly Value[], n: number): Value {
  const value = values[n];
  if (value === undefined) throw new Error(`there is no number ${n}`);
  return value;
}

/** One round of a till's inbox: whatever can be merged now. Answers what was. */
async function drain(edge: Edge, { source, store, waiting, holders }: Selling) {
  if (waiting.length === 0) return [];
  const deps = { directory: edge.directory, holders };
  const items = waiting.map(({ body, updates }) => ({
    subject: eventSchema.parse(JSON.parse(body)).subject,
    updates,
  }));
  const found = await holdersOf(deps, items);
  const merges = items.map(({ updates }): MergeUpdate => {
    const update = numbered(updates, 0);
    const name = { source, epoch: 1, key: update.key };
    return { ...update, ...name, customer: customerOf(deps, found, name), store };
  });
  let done = 0;
  const merged: { fragment: string; customer: CustomerId }[] = [];
  for (const [n, outcome] of (await edge.profiles.merge(merges)).entries()) {
    const { customer, ...update } = numbered(merges, n);
    // Nothing was lost, and nothing came to a place that did not have what was before.
    expect(outcome.outcome).not.toBe("refused");
    if (outcome.outcome === "moved") rememberMove(deps, update, outcome);
    if (outcome.outcome !== "merged") continue;
    merged.push({ fragment: fragmentIdOf(source, 1, update.key), customer });
    if (n === done) done += 1;
  }
  // In order, as a mark moves: what was merged behind one that was not comes again.
  waiting.splice(0, done);
  return merged;
}

/** `begun` when something had left, whether or not it came to its end. */
async function apply(edge: Edge, decisions: readonly Move[], cut: Cut | null) {
  const stop = stoppable(edge.profiles, cut);
  try {
    await applyDecisions({ ...edge, profiles: stop.profiles }, decisions);
    return { isWhole: true, begun: true };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return { isWhole: false, begun: stop.hasBegun() };
  }
}

async function storedOf(customer: CustomerId) {
  const stub = profileStubOf(env, customer);
  const idsIn = (sql: string) =>
    runInDurableObject(stub, (_object, { storage }) =>
      storage.sql
        .exec(sql, customer)
        .toArray()
        .map((row) => (typeof row["id"] === "string" ? row["id"] : "")),
    );
  const answer = await stub.read(customer);
  const [compared] = await stub.compareThese([customer]);
  return {
    customer,
    fragments: await idsIn("select id from fragment where customer = ? order by id"),
    undelivered: await idsIn(UNDELIVERED),
    /** False while anything of it waits, also where that stands in memory alone. */
    isQuiet: compared?.isQuiet,
    profile: answer && "profile" in answer ? profileSchema.parse(JSON.parse(answer.profile)) : null,
    redirect: answer && "redirect" in answer ? answer.redirect : null,
  };
}

/** In the table, and in the row of what is owed in memory, of which a fragment may have moved away since. */
const UNDELIVERED = `select u.id from undelivered u where u.customer = ?1
  union select f.id from setting s, json_each(s.value ->> '$.fragments') k
    join fragment f on f.customer = k.value ->> 'customer' and f.id = k.value ->> 'id'
    where s.name = 'owed' and f.customer = ?1
  order by id`;

/** The port of the profiles, cut off after so many calls. */
function stoppable(profiles: MovesPort, cut: Cut | null) {
  let steps = 0;
  let begun = false;
  const stopping = new Proxy(profiles, {
    get(of, method: string) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member of the port is such a function
      const call = Reflect.get(of, method) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        const isLast = cut !== null && steps++ === cut.steps;
        if (isLast && !cut.isDone) throw new Stopped();
        const value = await call(...args);
        begun ||= method === "leave" || method === "cede";
        if (isLast) throw new Stopped();
        return value;
      };
    },
  });
  return { profiles: stopping, hasBegun: () => begun };
}

/** Where everything has to be, by the words of the decisions. */
export function createModel() {
  /** Where what is new of a key goes. */
  const home = new Map<string, CustomerId>();
  const place = new Map<string, CustomerId>();
  /** Whoever has had a key answers for it, and may not be taken for somebody who has but a share of it. */
  const everHome = new Map<string, Set<CustomerId>>();
  const arrived = new Set<string>();
  const everRedirected = new Set<CustomerId>();
  function setHome(key: string, customer: CustomerId): void {
    home.set(key, customer);
    everHome.set(key, (everHome.get(key) ?? new Set()).add(customer));
  }
  return {
    home,
    place,
    bind: setHome,
    /** Whether a key may be spoken of as that customer's share, and nobody else's who lives on there. */
    hasShare: (key: string, customer: CustomerId): boolean =>
      !everHome.get(key)?.has(customer) &&
      !everRedirected.has(customer) &&
      [...place].some(([id, at]) => at === customer && parseFragmentId(id).key === key),
    hasArrived: (fragment: string): boolean => arrived.has(fragment),
    apply(decision: Move): void {
      const { from, to } = decision;
      if (decision.kind === "redirect") {
        everRedirected.add(from);
        for (const [fragment, at] of place) if (at === from) place.set(fragment, to);
        for (const [key, at] of home) if (at === from) setHome(key, to);
        return;
      }
      const { key, source, epoch } = decision;
      if (source !== undefined && epoch !== undefined) {
        place.set(fragmentIdOf(source, epoch, key), to);
        return;
      }
      // Whoever has had the key says where it is now.
      const holder = everHome.get(key)?.has(from) ? home.get(key) : from;
      for (const [fragment, at] of place) {
        if ((at === from || at === holder) && parseFragmentId(fragment).key === key)
          place.set(fragment, to);
      }
      setHome(key, to);
    },
    /** Where a fragment is to be that has just been merged: the first time, where its key is. */
    placeOf(fragment: string): CustomerId {
      const at = place.get(fragment) ?? home.get(parseFragmentId(fragment).key);
      if (at === undefined) throw new Error("merged before its key was bound");
      place.set(fragment, at);
      arrived.add(fragment);
      return at;
    },
    /** Those that belong to the customer. */
    at: (customer: CustomerId): string[] =>
      [...place].flatMap(([fragment, at]) => (at === customer ? [fragment] : [])),
  };
}
