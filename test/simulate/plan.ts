/** What a seed does: a setting, and steps in time. A plan is plain data, so that it can be printed, shortened and run again. */
import { type FaultStep, planFault } from "./faults.ts";
import { atDrawer, drawerSteps } from "./plan-drawers.ts";
import { createRandom, type Random } from "./random.ts";
import type { TillOptions } from "./till.ts";

export interface Setting {
  readonly stores: readonly string[];
  readonly tills: readonly Omit<TillOptions, "edge" | "from">[];
  /** If not, an object may go between its write and its alarm, and only the sweep finds what it left. */
  readonly alarmsAreSure: boolean;
  /** How long a call between two objects of the edge may take. */
  readonly innerPauseMs: number;
}

export type Step =
  | {
      readonly atMs: number;
      readonly kind: "capture";
      readonly till: string;
      readonly tag: string;
      readonly input: object;
    }
  | {
      readonly atMs: number;
      readonly kind: "look_up";
      readonly till: string;
      readonly query: string;
    }
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
  share: 0.7,
  tills: 2,
  captures: [1, 3],
  faults: [1, 2],
  people: 1,
  spanMs: 2_000,
};
const SIZES: readonly Size[] = [
  SMALL,
  { share: 0.965, tills: 2, captures: [3, 6], faults: [1, 3], people: 2, spanMs: 3_000 },
  { share: 0.995, tills: 3, captures: [6, 14], faults: [2, 5], people: 3, spanMs: 6_000 },
  { share: 1, tills: 4, captures: [25, 45], faults: [4, 9], people: 4, spanMs: 20_000 },
];

/** How long after a fault what is captured next is most interesting. */
const SOON_MS = 600;

export function planOf(seed: string): Plan {
  const random = createRandom(`${seed}/plan`);
  const drawn = random();
  const size = SIZES.find(({ share }) => drawn < share) ?? SMALL;
  const setting = settingOf(random, size.tills);
  // Troubles seldom come alone: in half of the runs it is one till that has them all.
  const focus = random.chance(0.5) ? random.pick(setting.tills).name : null;
  const faults = withoutLoss(
    Array.from({ length: random.int(...size.faults) }, () =>
      planFault(random, setting, random.int(0, size.spanMs), focus),
    ),
  );
  const tills = tillsOf(setting, faults, focus);
  const steps: Step[] = [...faults];
  const sold: string[] = [];
  const atHome = createRandom(`${seed}/accounts`);
  const hasAccounts = atHome.chance(0.3);
  const atTill = createRandom(`${seed}/drawers`);
  const hasDrawers = atTill.chance(0.3);
  for (let n = 1, last = random.int(...size.captures); n <= last; n++) {
    const tag = `t${n}`;
    const person = random.int(1, size.people);
    const said = inputOf(random, { tag, person, sold });
    const online = hasAccounts ? onSoftware(atHome, said, person) : said;
    const input = hasDrawers ? atDrawer(atTill, online) : online;
    sold.push(tag);
    const near = random.chance(0.5) ? random.pick(faults).atMs : null;
    const atMs =
      near === null ? random.int(0, size.spanMs) : Math.max(0, near + random.int(-100, SOON_MS));
    steps.push({ atMs, kind: "capture", till: random.pick(tills), tag, input });
  }
  if (hasDrawers) steps.push(...drawerSteps(atTill, tills, size.spanMs));
  if (random.chance(0.3)) {
    const query = emailOf(random.int(1, size.people));
    steps.push({
      atMs: random.int(0, size.spanMs),
      kind: "look_up",
      till: random.pick(tills),
      query,
    });
  }
  if (random.chance(0.15)) {
    const forMs = random.pick([60_000, 3_600_000, 20 * DAY_MS, 90 * DAY_MS]);
    steps.push({ atMs: random.int(0, size.spanMs), kind: "sleep", forMs });
  }
  return { seed, setting, steps: steps.toSorted((a, b) => a.atMs - b.atMs) };
}

/** What is lost at the edge comes again from its till: one disk at a time, or there is no copy left to ask for. */
function withoutLoss(faults: readonly FaultStep[]): readonly FaultStep[] {
  if (!faults.some(({ fault }) => EDGE_LOSSES.includes(fault))) return faults;
  const isLost = faults.some(({ fault }) => fault === "edge_lost");
  // What counts for a stamp from the future, the edge alone decides, at the first merge: another edge decides anew.
  const spared = [...TILL_LOSSES, ...(isLost ? ["clock"] : [])];
  return faults.filter(({ fault }) => !spared.includes(fault));
}
const EDGE_LOSSES = ["rot", "rot_fragment", "edge_lost"];
const TILL_LOSSES = ["restore", "clone", "rot_till"];

/** Who sells, the one with the troubles more often; a clone sells as well. */
function tillsOf(
  { tills }: Setting,
  faults: readonly FaultStep[],
  focus: string | null,
): readonly string[] {
  const names = tills.map(({ name }) => name);
  const clones = faults.filter(({ fault }) => fault === "clone").map(({ on }) => `${on}b`);
  const cloned = faults.filter(({ fault }) => fault === "clone").map(({ on }) => on);
  return [...names, ...(focus === null ? [] : [focus, focus]), ...clones, ...clones, ...cloned];
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
  return {
    stores,
    tills,
    alarmsAreSure: random.chance(0.6),
    innerPauseMs: random.chance(0.4) ? 300 : 8,
  };
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
  if (draw < 0.55) return { kind: "sale", externalId: tag, lines, customer, ...paidOrder(tag) };
  if (draw < 0.65) {
    const back = lines.map((line) => ({ ...line, amountMinor: -line.amountMinor }));
    return { kind: "return", externalId: tag, lines: back, customer };
  }
  if (draw < 0.75 && sold.length > 0) {
    return { kind: "void", voids: random.pick(sold), reason: tag };
  }
  if (draw < 0.85) {
    const traits = { mood: tag, visits: sold.length, [`vip${person}`]: true };
    return { kind: "claim", customer: { ...customer, givenName: `Ada ${tag}`, traits } };
  }
  if (draw < 0.93) {
    const state = random.pick(["granted", "withdrawn"]);
    const evidence = { version: tag };
    return { kind: "consent", purpose: "marketing", channel: "email", state, evidence, customer };
  }
  return { kind: "note", text: tag, customer };
}

/** Some sales pay an order of the web shop. */
const paidOrder = (tag: string): object =>
  tag.endsWith("2") ? { order: `o-${tag}`, shop: "web-uk" } : {};

/** Now the card, now the address, now both: that is how two customers turn out to be one. */
function customerOf(random: Random, person: number, tag: string): Record<string, string> {
  const card = { loyaltyNumber: `L${person}` };
  const address = { email: emailOf(person) };
  const neighbour = { email: emailOf(person + 1) };
  const draw = random();
  const known =
    draw < 0.3
      ? card
      : draw < 0.6
        ? address
        : draw < 0.92
          ? { ...card, ...address }
          : { ...card, ...neighbour };
  if (!random.chance(0.25)) return known;
  return {
    ...known,
    ...(random.chance(0.5)
      ? { givenName: `Ada ${tag}` }
      : { birthDate: random.pick(["1980-01-01", "1981-02-02"]) }),
  };
}

/** The same as somebody says it who is logged in, or before a browser that others use as well, or before they are known at all. */
function onSoftware(random: Random, input: object, person: number): object {
  if (!("customer" in input) || typeof input.customer !== "object") return input;
  const draw = random();
  const browser = { anonymousIds: [`b${random.int(1, 2)}`] };
  const account = { userId: `u${person}` };
  const { customer } = input;
  const unknown = { ...customer, loyaltyNumber: undefined, email: undefined };
  const said =
    draw < 0.35
      ? { ...unknown, ...browser }
      : draw < 0.6
        ? { ...customer, ...browser }
        : draw < 0.75
          ? { ...customer, ...account }
          : { ...unknown, ...account, ...browser };
  return { ...input, customer: said };
}
