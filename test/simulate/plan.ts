/** What a seed does: a setting, and steps in time. A plan is plain data, so that it can be printed, shortened and run again. */
import { type FaultStep, planFault } from "./faults.ts";
import { createRandom, type Random } from "./random.ts";
import type { TillOptions } from "./till.ts";

export interface Setting {
  readonly stores: readonly string[];
  readonly tills: readonly Omit<TillOptions, "edge" | "from">[];
  /** If not, an object may go between its write and its alarm, and only the sweep finds what it left. */
  readonly alarmsAreSure: boolean;
}

export type Step =
  | { readonly atMs: number; readonly kind: "capture"; readonly till: string; readonly tag: string; readonly input: object }
  | { readonly atMs: number; readonly kind: "look_up"; readonly till: string; readonly query: string }
  /** Nothing happens anywhere: a night, a holiday, twenty days. */
  | { readonly atMs: number; readonly kind: "sleep"; readonly forMs: number }
  | FaultStep;

export interface Plan {
  readonly seed: string;
  readonly setting: Setting;
  readonly steps: readonly Step[];
}

interface Size {
  /** Of all runs, those up to this one. */
  readonly share: number;
  readonly tills: number;
  readonly captures: readonly [number, number];
  readonly faults: readonly [number, number];
  readonly people: number;
  readonly spanMs: number;
}

/** Most runs are small, for a bug that needs much is rare and a small trace is read. */
const SMALL: Size = {
  share: 0.8,
  tills: 2,
  captures: [1, 3],
  faults: [1, 2],
  people: 2,
  spanMs: 2_000,
};
const SIZES: readonly Size[] = [
  SMALL,
  { share: 0.965, tills: 2, captures: [3, 6], faults: [1, 3], people: 2, spanMs: 3_000 },
  { share: 0.995, tills: 3, captures: [6, 14], faults: [2, 5], people: 3, spanMs: 6_000 },
  { share: 1, tills: 4, captures: [25, 45], faults: [4, 9], people: 4, spanMs: 20_000 },
];


export function planOf(seed: string): Plan {
  const random = createRandom(`${seed}/plan`);
  const drawn = random();
  const size = SIZES.find(({ share }) => drawn < share) ?? SMALL;
  const setting = settingOf(random, size.tills);
  const tills = setting.tills.map(({ name }) => name);
  const steps: Step[] = [];
  for (let n = random.int(...size.faults); n > 0; n--) {
    const step = planFault(random, setting, random.int(0, size.spanMs));
    steps.push(step);
    // A clone sells as well.
    if (step.fault === "clone") tills.push(`${step.on}b`);
  }
  const sold: string[] = [];
  for (let n = 1, last = random.int(...size.captures); n <= last; n++) {
    const tag = `t${n}`;
    const till = random.pick(tills);
    const input = inputOf(random, { tag, person: random.int(1, size.people), sold });
    sold.push(tag);
    steps.push({ atMs: random.int(0, size.spanMs), kind: "capture", till, tag, input });
  }
  if (random.chance(0.3)) {
    const query = emailOf(random.int(1, size.people));
    steps.push({ atMs: random.int(0, size.spanMs), kind: "look_up", till: random.pick(tills), query });
  }
  if (random.chance(0.15)) {
    const forMs = random.pick([60_000, 3_600_000, 20 * DAY_MS, 90 * DAY_MS]);
    steps.push({ atMs: random.int(0, size.spanMs), kind: "sleep", forMs });
  }
  return { seed, setting, steps: steps.toSorted((a, b) => a.atMs - b.atMs) };
}

export const DAY_MS = 86_400_000;

function settingOf(random: Random, count: number): Setting {
  const stores = ["store-1", "store-2"];
  const tills = Array.from({ length: count }, (_, at) => ({
    name: `till-${at + 1}`,
    source: `till-${at + 1}`,
    store: stores[at % 2] ?? "store-1",
    protocol: random.chance(0.1) ? (1 as const) : (2 as const),
  }));
  return { stores, tills, alarmsAreSure: random.chance(0.6) };
}

const emailOf = (person: number): string => `p${person}@example.org`;

interface Occasion {
  readonly tag: string;
  readonly person: number;
  /** Tags of what was captured before, at whatever till. */
  readonly sold: readonly string[];
}

/** Each capture carries its tag into the event, so that whoever looks at the end can tell which is which. */
function inputOf(random: Random, { tag, person, sold }: Occasion): object {
  const customer = customerOf(random, person, tag);
  const lines = [{ sku: `sku-${tag}`, quantity: "1", amountMinor: random.int(1, 9_999) }];
  const draw = random();
  if (draw < 0.1) return { kind: "sale", externalId: tag, lines };
  if (draw < 0.55) return { kind: "sale", externalId: tag, lines, customer };
  if (draw < 0.65) {
    const back = lines.map((line) => ({ ...line, amountMinor: -line.amountMinor }));
    return { kind: "return", externalId: tag, lines: back, customer };
  }
  if (draw < 0.75 && sold.length > 0) {
    return { kind: "void", voids: random.pick(sold), reason: tag };
  }
  if (draw < 0.85) return { kind: "claim", customer: { ...customer, givenName: `Ada ${tag}` } };
  if (draw < 0.93) {
    const state = random.pick(["granted", "withdrawn"]);
    const evidence = { version: tag };
    return { kind: "consent", purpose: "marketing", channel: "email", state, evidence, customer };
  }
  return { kind: "note", text: tag, customer };
}

/** Now the card, now the address, now both: that is how two customers turn out to be one. */
function customerOf(random: Random, person: number, tag: string): Record<string, string> {
  const card = { loyaltyNumber: `L${person}` };
  const address = { email: emailOf(person) };
  const neighbour = { email: emailOf(person + 1) };
  const draw = random();
  const known =
    draw < 0.4
      ? card
      : draw < 0.75
        ? address
        : draw < 0.95
          ? { ...card, ...address }
          : { ...card, ...neighbour };
  if (!random.chance(0.25)) return known;
  return { ...known, ...(random.chance(0.5) ? { givenName: `Ada ${tag}` } : { birthDate: random.pick(["1980-01-01", "1981-02-02"]) }) };
}
