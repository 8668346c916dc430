/** Decisions of the centre about customers, keys and single fragments: in any order, again, and stopped anywhere. */
import { reset } from "cloudflare:test";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFragmentId } from "@regulars/shared/ids";
import {
  createModel,
  createWorld,
  type Cut,
  CUSTOMERS,
  KEYS,
  type Move,
  TILLS,
  type World,
} from "./moves.ts";

type Model = ReturnType<typeof createModel>;

const till = fc.nat(TILLS - 1);
const key = fc.nat(KEYS - 1);
const customer = fc.nat(CUSTOMERS - 1);
const cut = fc.option(fc.record({ steps: fc.nat(16), isDone: fc.boolean() }), { freq: 2 });

/** What a decision is about; from where, the model says as often as not. */
const about = fc.oneof(
  fc.record({ of: fc.constant("customer" as const), from: customer }),
  fc.record({ of: fc.constant("key" as const), key }),
  fc.record({ of: fc.constant("share" as const), key, from: customer }),
  fc.record({ of: fc.constant("fragment" as const), till, key, from: fc.option(customer) }),
);

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("sell" as const), till, key }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("drain" as const), till }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), till }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("decide" as const),
      about,
      to: customer,
      cut,
      /** Stopped, it comes again; or another decision about the same comes instead of it. */
      instead: fc.option(customer, { freq: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("repeat" as const), last: fc.nat(3), cut }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Decide = Extract<Step, { do: "decide" }>;

const ALL_TILLS = Array.from({ length: TILLS }, (_, at) => at);
const ALL_KEYS = Array.from({ length: KEYS }, (_, at) => at);

/** While a decision is half applied, what it is about may still be merged where it was. */
async function drain(world: World, model: Model, at: number, isHalf = false): Promise<void> {
  for (const merged of await world.drain(at)) {
    const place = model.placeOf(merged.fragment);
    if (!isHalf) expect(merged.customer).toBe(place);
  }
}

/** Everything that waits: a move that is under way is none any more. */
async function drainAll(world: World, model: Model): Promise<void> {
  for (const at of ALL_TILLS) {
    for (let round = 0; world.isWaiting(at) && round < 64; round++) await drain(world, model, at);
    expect(world.isWaiting(at)).toBe(false);
  }
}

function decisionOf(world: World, model: Model, { about: of, to: toAt }: Decide): Move | null {
  const to = world.customers[toAt]!;
  switch (of.of) {
    case "customer":
      return { kind: "redirect", from: world.customers[of.from]!, to };
    case "key": {
      const id = world.keys[of.key]!;
      return { kind: "assign", key: id, from: model.home.get(id)!, to };
    }
    case "share": {
      // The fragments of a key that another customer than the key's has.
      const id = world.keys[of.key]!;
      const from = world.customers[of.from]!;
      return model.hasShare(id, from) ? { kind: "assign", key: id, from, to } : null;
    }
    case "fragment": {
      const fragment = world.fragmentAt(of.till, of.key);
      const { source, epoch, key: id } = parseFragmentId(fragment);
      const believed = of.from === null ? undefined : world.customers[of.from];
      const from = believed ?? model.place.get(fragment) ?? model.home.get(id)!;
      return { kind: "assign", key: id, from, to, source, epoch };
    }
  }
}

/**
 * What speaks of all that a customer has is not repeated after that customer has been given something since: the centre
 * withdraws it then. What speaks of one fragment may come again at any time.
 */
function repeatable(decisions: readonly Move[]): readonly Move[] {
  const isWithdrawn = (decision: Move, at: number): boolean =>
    !("source" in decision) && decisions.slice(at + 1).some((later) => later.to === decision.from);
  const last = decisions.findLastIndex((decision, at) => isWithdrawn(decision, at));
  return decisions.slice(last + 1);
}

async function run(steps: readonly Step[]): Promise<void> {
  const world = createWorld();
  const model = createModel();
  const told: Move[] = [];

  async function tell(decisions: readonly Move[], when: Cut | null): Promise<boolean> {
    const { isWhole, begun } = await world.apply(decisions, when);
    const [first] = decisions;
    if (isWhole) for (const each of decisions) model.apply(each);
    else if (begun && decisions.length === 1 && first) model.apply(first);
    return isWhole;
  }

  async function decide(wanted: Decide): Promise<void> {
    const decision = decisionOf(world, model, wanted);
    if (!decision || decision.from === decision.to) return;
    if (await tell([decision], wanted.cut)) return void told.push(decision);
    const { instead } = wanted;
    // Part of a key may have been ceded and the other part not be moved: that one comes again.
    const canChange = instead !== null && wanted.about.of !== "share";
    const changed = canChange ? { ...decision, to: world.customers[instead]! } : decision;
    // A fragment may be told to be where it is believed to be; nothing else goes from a customer to the same one.
    const isIdle = changed.from === changed.to && !("source" in changed);
    const next = isIdle ? decision : changed;
    for (const at of ALL_TILLS) await drain(world, model, at, true);
    await tell([next], null);
    // What was replaced is not told again, and how far it had come nobody knows but the edge.
    told.length = 0;
    told.push(next);
  }

  // Each customer is met at one till; the second key comes with the first.
  world.sell(0, [0]);
  world.sell(0, [1, 0]);
  world.sell(1, [2]);
  model.bind(world.keys[0]!, world.customers[0]!);
  model.bind(world.keys[1]!, world.customers[0]!);
  model.bind(world.keys[2]!, world.customers[2]!);
  await drainAll(world, model);

  for (const each of steps) {
    switch (each.do) {
      case "sell":
        world.sell(each.till, [each.key]);
        break;
      case "drain":
        await drain(world, model, each.till);
        break;
      case "forget":
        world.forget(each.till);
        break;
      case "decide":
        await decide(each);
        break;
      case "repeat": {
        // The answer was lost: all of the last ones come again, in order, once more when that is stopped as well.
        const again = repeatable(told.slice(-each.last - 1));
        if (!(await world.apply(again, each.cut)).isWhole) await world.apply(again, null);
        break;
      }
    }
  }

  await drainAll(world, model);
  await check(world, model);
  // Every fragment goes on, from a till that remembers and from one that does not; also those that nobody has met.
  for (const forgets of [false, true]) {
    for (const at of ALL_TILLS) {
      if (forgets) world.forget(at);
      for (const of of ALL_KEYS) world.sell(at, [of]);
    }
    await drainAll(world, model);
    await check(world, model);
  }
}

async function check(world: World, model: Model): Promise<void> {
  for (const { customer: id, fragments, undelivered, ...stored } of await world.stored()) {
    const { isQuiet, profile, redirect } = stored;
    const expected = model.at(id).filter((fragment) => model.hasArrived(fragment));
    expect(fragments).toEqual(expected.toSorted());
    expect(undelivered).toEqual(fragments);
    if (fragments.length === 0) {
      expect(profile?.fragments ?? {}).toEqual({});
      continue;
    }
    expect([redirect, isQuiet]).toEqual([null, false]);
    const { customer: _customer, version: _version, golden: _golden, ...content } = profile!;
    expect(content).toEqual(world.profileOf(fragments));
  }
}

// oxlint-disable-next-line vitest/expect-expect -- each step and each check expects
test("IDN7, EDG1: every fragment is where the last decision says, once, and all of it gets there", async () => {
  const steps = fc.array(step, { minLength: 4, maxLength: 20 });
  const property = fc.asyncProperty(steps, (taken) => run(taken)).afterEach(() => reset());
  await fc.assert(property, { numRuns: 25 });
}, 240_000);
