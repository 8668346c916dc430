/**
 * The model of Fellegi and Sunter (1969): for each level of each comparison, how often it occurs between two records of one
 * person (`m`), of two strangers (`u`), and of two people of one household (`h`). The third class keeps what a family shares
 * - a name, an address, a phone - from being taken for one person. Plain JSON, versioned, so that a score can be explained
 * years later.
 */
import { z } from "zod";
import { COMPARISON_NAMES, COMPARISONS, type Comparison, perComparison } from "./comparisons.ts";

const probability = z.number().gt(0).lt(1);
const levelsSchema = z.record(z.string(), probability);

const frequenciesSchema = z.object({
  /** Share of the records that have the value, of the most frequent values. */
  common: z.record(z.string(), probability),
  /** Of any other value. */
  rare: probability,
});
export type Frequencies = z.infer<typeof frequenciesSchema>;

export const FREQUENCY_FIELDS = [
  "given",
  "family",
  "city",
  "postcode",
  "birth",
  "street",
  "locality",
  "birthPlace",
  "occupation",
] as const;
export type FrequencyField = (typeof FREQUENCY_FIELDS)[number];

const comparisonSchema = z.object({ m: levelsSchema, u: levelsSchema, h: levelsSchema });

export const modelSchema = z.object({
  version: z.string().min(1).max(64),
  /** How many records it was trained on; 0 for the one that is shipped. */
  records: z.int().min(0),
  /** Log2 odds that any two records are one person, before anything is compared. */
  prior: z.number(),
  /** Log2 odds that two records which agree in what a household shares are one person, not two of its members. */
  householdPrior: z.number(),
  /** Names that agree say no more than this against a stranger: namesakes are more frequent than their names. */
  namesMost: z.number().positive(),
  /** Log2 odds: from `match` on a link is made, from `potential` on a person is asked. */
  thresholds: z
    .object({ match: z.number(), potential: z.number() })
    .refine(({ match, potential }) => potential <= match, "asks less where it is surer"),
  comparisons: z
    .record(z.enum(COMPARISON_NAMES), comparisonSchema)
    .refine(hasAllLevels, "does not know every level of every comparison"),
  /** Values that forms fill in by themselves, and that so many records have that they are nobody's: compared as missing. */
  blanks: z.object({
    birth: z.array(z.string()),
    email: z.array(z.string()),
    phone: z.array(z.string()),
  }),
  frequencies: z.partialRecord(z.enum(FREQUENCY_FIELDS), frequenciesSchema),
});
export type Model = z.infer<typeof modelSchema>;

/** A level without a share would weigh nothing, and nobody would notice. */
function hasAllLevels(comparisons: Record<Comparison, z.infer<typeof comparisonSchema>>): boolean {
  return COMPARISON_NAMES.every((name) => {
    const [, ...levels] = COMPARISONS[name];
    return Object.values(comparisons[name]).every((shares) =>
      levels.every((level) => Object.hasOwn(shares, level)),
    );
  });
}

type Shares = readonly number[];
/** Shares of the levels after `missing`, in their order: m, u, h. */
const DEFAULTS: Readonly<Record<Comparison, readonly [Shares, Shares, Shares]>> = {
  //          exact nickname initial close similar different
  given: [
    [0.82, 0.04, 0.02, 0.06, 0.03, 0.03],
    [0.004, 0.002, 0.003, 0.003, 0.018, 0.97],
    [0.006, 0.012, 0.02, 0.01, 0.05, 0.902],
  ],
  //       exact initial different
  middle: [[0.8, 0.12, 0.08], [0.05, 0.05, 0.9], [0.06, 0.06, 0.88]], // prettier-ignore
  //       exact part close similar different
  family: [
    [0.82, 0.02, 0.07, 0.03, 0.06],
    [0.002, 0.001, 0.003, 0.009, 0.985],
    [0.8, 0.03, 0.03, 0.02, 0.12],
  ],
  suffix: [[0.98, 0.02], [0.5, 0.5], [0.3, 0.7]], // prettier-ignore
  //      exact close two_parts year different
  birth: [
    [0.88, 0.07, 0.02, 0.01, 0.02],
    [0.00005, 0.0008, 0.003, 0.01615, 0.98],
    [0.015, 0.002, 0.008, 0.035, 0.94],
  ],
  gender: [[0.98, 0.02], [0.5, 0.5], [0.45, 0.55]], // prettier-ignore
  //      exact local close different
  email: [
    [0.72, 0.03, 0.08, 0.17],
    [0.00002, 0.00018, 0.0008, 0.999],
    [0.2, 0.005, 0.015, 0.78],
  ],
  phone: [[0.75, 0.06, 0.19], [0.00002, 0.00008, 0.9999], [0.3, 0.01, 0.69]], // prettier-ignore
  //           exact close near different
  identifier: [
    [0.88, 0.07, 0.02, 0.03],
    [0.00001, 0.00002, 0.0004, 0.99957],
    [0.0001, 0.0009, 0.004, 0.995],
  ],
  //      exact close road number different
  street: [
    [0.65, 0.05, 0.09, 0.03, 0.18],
    [0.0003, 0.0003, 0.002, 0.01, 0.9874],
    [0.88, 0.04, 0.03, 0.01, 0.04],
  ],
  locality: [[0.75, 0.1, 0.15], [0.005, 0.005, 0.99], [0.85, 0.07, 0.08]], // prettier-ignore
  city: [[0.8, 0.08, 0.12], [0.02, 0.01, 0.97], [0.9, 0.05, 0.05]], // prettier-ignore
  region: [[0.95, 0.05], [0.2, 0.8], [0.98, 0.02]], // prettier-ignore
  postcode: [[0.75, 0.08, 0.17], [0.002, 0.008, 0.99], [0.92, 0.04, 0.04]], // prettier-ignore
  birthPlace: [[0.85, 0.07, 0.08], [0.01, 0.01, 0.98], [0.3, 0.02, 0.68]], // prettier-ignore
  occupation: [[0.6, 0.4], [0.05, 0.95], [0.1, 0.9]], // prettier-ignore
};

/** What a new installation works with before it has data to train on. */
export const DEFAULT_MODEL: Model = {
  version: "default-1",
  records: 0,
  prior: -14,
  householdPrior: -1,
  namesMost: 14,
  thresholds: { match: 3, potential: -4 },
  comparisons: perComparison((name) => {
    const [m, u, h] = DEFAULTS[name];
    return { m: namedLevels(name, m), u: namedLevels(name, u), h: namedLevels(name, h) };
  }),
  blanks: { birth: [], email: [], phone: [] },
  frequencies: {},
};

function namedLevels(name: Comparison, shares: Shares): Record<string, number> {
  const [, ...levels] = COMPARISONS[name];
  return Object.fromEntries(levels.map((level, at) => [level, shares[at] ?? 0]));
}
