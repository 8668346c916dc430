/** What profiles say of shop and app, against the plainest way to work it out from the events. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  activityArb,
  type Body,
  capturesArb,
  newestContributions,
  record,
  type Recorded,
  WRITERS,
} from "../../../test/captures.ts";
import type { RegularsEvent } from "../events/event.ts";
import { LIMITS } from "../limits.ts";
import { activityIn, type ProfileActivity } from "./activity.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { buildProfile, overlayProfile } from "./profile.ts";

const captures = (minMs: 0 | 1) => capturesArb(minMs, activityArb);
const built = (records: readonly Recorded[]) =>
  activityIn(buildProfile(newestContributions(records), DEFAULT_POLICY));

type Event<Kind extends RegularsEvent["kind"]> = Extract<RegularsEvent, { kind: Kind }>;
const isOf =
  <Kind extends RegularsEvent["kind"]>(kind: Kind) =>
  (event: RegularsEvent): event is Event<Kind> =>
    event.kind === kind;
const keyOf = ({ source, epoch, seq }: RegularsEvent) => `${source}/${epoch}/${seq}`;
const newestFirst = (events: readonly RegularsEvent[]) =>
  events.toSorted((a, b) => (a.stamp + keyOf(a) < b.stamp + keyOf(b) ? 1 : -1));

const mapOf = <Value, Other>(named: Record<string, Value>, change: (value: Value) => Other) =>
  new Map(Object.entries(named).map(([name, value]) => [name, change(value)]));

/** The event with the last word on each thing, newest first. */
function lastWords<One extends RegularsEvent>(
  events: readonly One[],
  thingOf: (event: One) => string,
): Map<string, One> {
  const last = new Map<string, One>();
  const places = new Map(events.map((event) => [keyOf(event), event]));
  for (const each of newestFirst(events)) {
    const event = places.get(keyOf(each))!;
    if (!last.has(thingOf(event))) last.set(thingOf(event), event);
  }
  return last;
}

describe("IDN2: of all fragments' words on one thing the newest counts", () => {
  test("traits, points, orders and behaviours are those of the newest events", () => {
    fc.assert(
      fc.property(captures(1), (each) => {
        const records = record(each);
        const events = records.map(({ event }) => event);
        const said = built(records);
        const claims = events.filter(isOf("claim"));
        const named = claims.flatMap((event) =>
          Object.entries(event.body.traits ?? {}).map(([name, value]) => ({ name, value, event })),
        );
        const traits = Map.groupBy(
          named.toSorted((a, b) => (a.event.stamp < b.event.stamp ? 1 : -1)),
          ({ name }) => name,
        );
        expect(
          Object.fromEntries(
            Object.entries(said.traits).map(([name, { value, event }]) => [name, [value, event]]),
          ),
        ).toEqual(
          Object.fromEntries(
            [...traits].map(([name, [last]]) => [name, [last!.value, keyOf(last!.event)]]),
          ),
        );
        const points = lastWords(events.filter(isOf("loyalty")), ({ body }) => body.program);
        expect(mapOf(said.loyalty, ({ event }) => event)).toEqual(
          mapOf(Object.fromEntries(points), keyOf),
        );
        const orders = lastWords(
          events.filter(isOf("order")),
          ({ store, body }) => `${store} ${body.order}`,
        );
        expect(said.orders.map(({ event, state }) => [event, state])).toEqual(
          [...orders.values()].map((event) => [keyOf(event), event.body.state]),
        );
        const visits = newestFirst(events.filter(isOf("behaviour")));
        expect(said.behaviours.map(({ event }) => event)).toEqual(
          visits.slice(0, LIMITS.recentBehaviours).map(keyOf),
        );
      }),
    );
  });

  test("a cart that was ordered is gone, whoever knew of it before", () => {
    fc.assert(
      fc.property(captures(1), (each) => {
        const records = record(each);
        const carts = records.map(({ event }) => event).filter(isOf("cart"));
        const last = [
          ...lastWords(carts, ({ store, body }) => `${store} ${body.cart}`).values(),
        ].slice(0, LIMITS.recentCarts);
        const said = built(records);
        const open = last.filter(({ body }) => body.change !== "ordered");
        expect(said.carts.map(({ event }) => event)).toEqual(open.map(keyOf));
        expect(said.carts.every(({ state }) => state !== "ordered")).toBe(true);
        expect(said.closedCarts.every(({ items }) => items.length === 0)).toBe(true);
        expect(said.carts.length + said.closedCarts.length).toBe(last.length);
      }),
    );
  });
});

/** So many things that most of them are forgotten. */
const manyArb: fc.Arbitrary<Body> = fc.nat(30).chain((n) =>
  fc.constantFrom<Body>(
    { kind: "behaviour", body: { type: "page", name: `p${n}` } },
    {
      kind: "order",
      body: { order: `o${n}`, state: "paid", currency: "GBP", totalMinor: 1, lines: 1 },
    },
    { kind: "cart", body: { cart: `c${n % 6}`, change: "set", items: [] } },
    { kind: "cart", body: { cart: `c${n % 6}`, change: "ordered", items: [] } },
    { kind: "loyalty", body: { program: `l${n % 14}`, balancePoints: n } },
    { kind: "claim", body: { claims: {}, traits: { [`t${n}`]: n } } },
  ),
);

describe("GLD2: a till's view of shop and app is what edge and centre will say", () => {
  test.each<[string, fc.Arbitrary<Body>, 0 | 1]>([
    ["of few things", activityArb, 1],
    ["of few things at the same moment", activityArb, 0],
    ["of many things", manyArb, 1],
  ])("%s", (_name, what, minMs) => {
    const cut = capturesArb(minMs, what).chain((each) =>
      fc.record({
        records: fc.constant(record(each)),
        at: fc.nat(each.length),
        source: fc.nat(WRITERS.length - 1),
      }),
    );
    fc.assert(
      fc.property(cut, ({ records, at, source }) => {
        const { source: own, epoch } = WRITERS[source]!;
        const isOwn = ({ event }: Recorded) => event.source === own && event.epoch === epoch;
        const old = newestContributions(records.slice(0, at));
        const ours = newestContributions(records.filter(isOwn));
        const others = newestContributions(records.slice(0, at).filter((each) => !isOwn(each)));
        const overlaid = overlayProfile(buildProfile(old, DEFAULT_POLICY), ours, DEFAULT_POLICY);
        const expected = activityIn(buildProfile([...others, ...ours], DEFAULT_POLICY));
        expect(activityIn(overlaid)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

test("SYN10: a profile of many fragments is bounded in every part, whatever they say", () => {
  fc.assert(
    fc.property(capturesArb(0, manyArb), capturesArb(0, activityArb), (many, few) => {
      const records = [...record(many), ...record(few)];
      // The same people met by two hundred more writers.
      const contributions = newestContributions(records).flatMap((each) =>
        Array.from({ length: 30 }, (_, epoch) => ({
          ...each,
          epoch: epoch + 10,
          traits: Object.fromEntries(
            Object.entries(each.traits).map(([name, trait]) => [`${name}-${epoch}`, trait]),
          ),
        })),
      );
      const said = activityIn(buildProfile(contributions, DEFAULT_POLICY));
      const sizes: Record<keyof ProfileActivity, number> = {
        traits: LIMITS.traits,
        behaviours: LIMITS.recentBehaviours,
        carts: LIMITS.recentCarts,
        closedCarts: LIMITS.recentCarts,
        orders: LIMITS.recentOrders,
        loyalty: LIMITS.loyaltyPrograms,
      };
      for (const [name, max] of Object.entries(sizes)) {
        const part = said[name as keyof ProfileActivity];
        expect(Object.keys(part).length).toBeLessThanOrEqual(max);
      }
    }),
    { numRuns: 50 },
  );
});
