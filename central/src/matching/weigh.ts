/** From levels to a match weight: log2 odds that two records are one person, field by field (IDN5). */
import { COMPARISON_NAMES, type Comparison } from "./comparisons.ts";
import type { Levels } from "./levels.ts";
import { frequencyOf, isFrequencyField } from "./frequencies.ts";
import type { Model } from "./model.ts";
import type { Prepared } from "./prepare.ts";

export interface FieldWeight {
  readonly comparison: Comparison;
  readonly level: string;
  /** Log2 of the odds that this level adds, against a stranger. */
  readonly weight: number;
}

export interface Weighed {
  /** Log2 odds that the two are one person. */
  readonly weight: number;
  readonly prior: number;
  readonly fields: readonly FieldWeight[];
  /** What the total loses because the two may be members of one household. Never positive. */
  readonly household: number;
}

/** Where somebody lives is one fact in several fields: the strongest counts in full, each further one half of the one before. */
const GROUPED: ReadonlySet<Comparison> = new Set([
  "street",
  "locality",
  "postcode",
  "city",
  "region",
]);
const GROUPED_ORDER = [...GROUPED];
const DAMPING = 0.5;

interface Table {
  readonly stranger: ReadonlyMap<string, number>;
  readonly household: ReadonlyMap<string, number>;
  readonly exact: { readonly m: number; readonly u: number; readonly h: number };
}

export type Scorer = ReturnType<typeof createScorer>;

export function createScorer(model: Model) {
  const tables = new Map(COMPARISON_NAMES.map((name) => [name, tableOf(model, name)]));
  const table = (name: Comparison): Table => {
    const found = tables.get(name);
    if (!found) throw new Error("a comparison without a table");
    return found;
  };
  const inHousehold = (name: Comparison, levels: Levels): number =>
    table(name).household.get(levels[name]) ?? 0;
  return {
    model,
    /** Weights without regard to how frequent the values are: what training counts patterns by. */
    weighLevels: (levels: Levels, rarity = 0): number =>
      total(levels, table, { ...model, prior: model.prior + rarity }, null).weight,
    /** How likely two such records are one person, and how likely two members of one household. */
    classify(levels: Levels, rarity = 0): { match: number; household: number } {
      const prior = model.prior + rarity;
      const { weight, household } = total(levels, table, { ...model, prior }, null);
      const match = 1 / (1 + 2 ** -weight);
      // Against strangers alone the weight would be higher by what the household takes away.
      return { match, household: match * Math.max(2 ** -weight - 2 ** (household - weight), 0) };
    },
    /** Either of the two records will do: where they agree exactly, both have the value whose frequency counts. */
    weigh: (levels: Levels, { features }: Prepared): Weighed =>
      total(levels, table, model, (name) => frequencyOf(model.frequencies, name, features)),
    /** What names, birth date and suffix say about one person or two, against another member of the household. */
    personal(levels: Levels): Personal {
      const weights = PERSONAL.map((name) => inHousehold(name, levels));
      const { given, family } = levels;
      // A new family name is a marriage; a new given name beside it is somebody else.
      const isOtherName = family === "different" && !SAME_GIVEN.has(given);
      return {
        silent: PERSONAL.filter((name) => levels[name] === "missing"),
        contrary: PERSONAL.filter((_name, at) => (weights[at] ?? 0) <= CONFLICT),
        sum: weights.reduce((sum, weight) => sum + weight, 0),
        least: Math.min(...weights, isOtherName ? OTHER_NAME : 0),
        isOtherFamily: family === "different",
        isSilent: levels.given === "missing" && levels.birth === "missing",
      };
    },
  };
}

export interface Personal {
  /** Log2 odds of one person. */
  readonly sum: number;
  /** Of the one field that speaks most against it: father and son share a name and no birth date. */
  readonly least: number;
  readonly isOtherFamily: boolean;
  /** Nothing of a person can be compared. */
  readonly isSilent: boolean;
  /** Fields that contradict, and those of which at least one record says nothing. */
  readonly contrary: readonly Comparison[];
  readonly silent: readonly Comparison[];
}

/** Bits that one field must speak against two records before they count as two people. */
export const CONFLICT = -2.5;

const OTHER_NAME = -6;
const SAME_GIVEN: ReadonlySet<string> = new Set(["exact", "initial", "missing"]);
const PERSONAL: readonly Comparison[] = ["given", "middle", "suffix", "birth", "gender"];

function total(
  levels: Levels,
  table: (name: Comparison) => Table,
  model: Model,
  frequency: ((name: Comparison) => number | null) | null,
): Weighed {
  const fields: FieldWeight[] = [];
  let household = model.householdPrior;
  const householdGroup: number[] = [];
  for (const name of COMPARISON_NAMES) {
    const level = levels[name];
    if (level === "missing") continue;
    const known = table(name);
    let weight = known.stranger.get(level) ?? 0;
    let inHousehold = known.household.get(level) ?? 0;
    if (level === "exact" && frequency) {
      const share = frequency(name);
      if (share !== null) {
        weight = Math.log2(known.exact.m / share);
        // In a household a name meets itself by chance at least as often as anywhere.
        inHousehold = Math.log2(known.exact.m / Math.max(share, known.exact.h));
      }
    }
    fields.push({ comparison: name, level, weight });
    if (GROUPED.has(name)) householdGroup.push(inHousehold);
    else household += inHousehold;
  }
  const damped = capNames(dampGroup(fields), model.namesMost);
  const sum = damped.reduce((so, { weight }) => so + weight, model.prior);
  household += dampedSum(householdGroup);
  // Odds against both others at once: one is never more certain than against the likelier of them.
  const weight = -Math.log2(2 ** -sum + 2 ** -household);
  return { weight, prior: model.prior, fields: damped, household: weight - sum };
}

const NAMES: ReadonlySet<Comparison> = new Set(["given", "middle", "family"]);

/** A mailbox that is only like another is mostly made of the same names. */
const isNames = ({ comparison, level }: FieldWeight): boolean =>
  NAMES.has(comparison) || (comparison === "email" && level !== "exact");

function capNames(fields: readonly FieldWeight[], most: number): readonly FieldWeight[] {
  let sum = 0;
  for (const field of fields) if (isNames(field)) sum += field.weight;
  if (sum <= most) return fields;
  const factor = most / sum;
  return fields.map((field) =>
    isNames(field) ? { ...field, weight: field.weight * factor } : field,
  );
}

function dampGroup(fields: readonly FieldWeight[]): FieldWeight[] {
  const group = fields.filter(({ comparison }) => GROUPED.has(comparison));
  if (group.length < 2) return [...fields];
  const factors = new Map<Comparison, number>();
  for (const isFor of [true, false]) {
    const side = group.filter(({ weight }) => weight > 0 === isFor);
    side.sort(
      (a, b) =>
        Math.abs(b.weight) - Math.abs(a.weight) ||
        GROUPED_ORDER.indexOf(a.comparison) - GROUPED_ORDER.indexOf(b.comparison),
    );
    for (const [at, { comparison }] of side.entries()) factors.set(comparison, DAMPING ** at);
  }
  return fields.map((field) => {
    const factor = factors.get(field.comparison) ?? 1;
    return factor === 1 ? field : { ...field, weight: field.weight * factor };
  });
}

function dampedSum(weights: readonly number[]): number {
  let sum = 0;
  for (const isFor of [true, false]) {
    const side = weights.filter((weight) => weight > 0 === isFor).map(Math.abs);
    side.sort((a, b) => b - a);
    for (const [at, weight] of side.entries()) sum += weight * DAMPING ** at * (isFor ? 1 : -1);
  }
  return sum;
}

function tableOf(model: Model, name: Comparison): Table {
  const { m, u, h } = model.comparisons[name];
  const against = (other: Readonly<Record<string, number>>): Map<string, number> => {
    const weightOf = (level: string): number => Math.log2((m[level] ?? 1) / (other[level] ?? 1));
    // Likeness never says more than equality of a rare value, however seldom it was seen.
    const rare = isFrequencyField(name) ? model.frequencies[name]?.rare : undefined;
    const atMost = Math.max(
      weightOf("exact"),
      rare === undefined ? 0 : Math.log2((m["exact"] ?? 1) / rare),
    );
    return new Map(Object.keys(m).map((level) => [level, Math.min(weightOf(level), atMost)]));
  };
  return {
    stranger: against(u),
    household: against(h),
    exact: { m: m["exact"] ?? 1, u: u["exact"] ?? 1, h: h["exact"] ?? 1 },
  };
}
