/** Survivorship: the claims of all fragments of a customer → one value per field, with its lineage (GLD1). */
import { canonicalJson } from "../digest.ts";
import type { ClaimField, ClaimValue } from "../events/claim.ts";
import type { Stamp } from "../clock.ts";
import { LIMITS } from "../limits.ts";
import { type Pin, type Override, rulingsOf } from "./override.ts";
import { type Policy, type Unit, unitOf } from "./policy.ts";
import { type Bundle, bundleOf, type Candidate, compareAge, rank } from "./rank.ts";

export type { Candidate } from "./rank.ts";

/** Where a value was said. */
export interface Origin {
  stamp: Stamp;
  event: string;
  fragment: string;
  verified?: true | undefined;
  repaired?: true | undefined;
}

export interface Said extends Origin {
  value: ClaimValue;
  /** Who says the same, newest first; only where the rule counts them. */
  same?: Origin[] | undefined;
}

/** A claim that a steward has set aside. */
export interface Ignored extends Origin {
  value: ClaimValue;
  override: string;
  by: string;
}

export interface Survivor extends Said {
  /** The strategy by which it won, or `pin`; then `event` is the steward's decision. */
  rule: string;
  /** Other values that were claimed, best first. */
  losers: Said[];
  /** The fields it has won together with. */
  group?: string | undefined;
  /** All values that stand, where a field may have several. */
  values?: ClaimValue[] | undefined;
  pinned?: { by: string } | undefined;
  ignored?: Ignored[] | undefined;
}

export type Survivors = Partial<Record<ClaimField, Survivor>>;

export function survive(
  candidates: readonly Candidate[],
  policy: Policy,
  overrides: readonly Override[] = [],
): Survivors {
  const rulings = rulingsOf(overrides);
  const ignored = new Map<ClaimField, Ignored[]>();
  const counted = distinctClaims(candidates).filter((claim) => {
    const override = rulings.ignoring(claim);
    if (!override) return true;
    const entry = { ...valueAndOrigin(claim), override: override.id, by: override.by };
    ignored.set(claim.field, [...(ignored.get(claim.field) ?? []), entry]);
    return false;
  });
  const byField = Map.groupBy(counted, ({ field }) => field);
  const survivors = new Map<ClaimField, Survivor>();
  for (const unit of unitsOf([...byField.keys(), ...rulings.pins.keys()], policy)) {
    const ranking = rankUnit(unit, byField);
    for (const field of unit.fields) {
      const survivor = survivorOf(field, unit, ranking, rulings.pins.get(field));
      const aside = ignored.get(field)?.toSorted(compareAge).slice(0, LIMITS.ignoredClaims);
      if (survivor) survivors.set(field, { ...survivor, ...(aside ? { ignored: aside } : {}) });
    }
  }
  // By name, so that a golden record and its copy are the same text.
  return Object.fromEntries([...survivors].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** All claims that a profile remembers of a field, so that they can be ranked once more. */
export function candidatesIn(field: ClaimField, survivor: Survivor): Candidate[] {
  const { losers, ignored, ...winner } = survivor;
  const said: Said[] = survivor.pinned ? losers : [winner, ...losers];
  const all = said.flatMap(({ same, value, ...origin }) => [
    { value, ...origin },
    ...(same ?? []).map((other) => ({ value, ...other })),
  ]);
  return [...all, ...(ignored ?? [])].map((claim) => ({ field, ...valueAndOrigin(claim) }));
}

/** Each claim once, however often it has arrived. */
function distinctClaims(candidates: readonly Candidate[]): Candidate[] {
  const placed = candidates.map(
    (claim) => [`${claim.field} ${claim.event} ${claim.fragment}`, claim] as const,
  );
  return [...new Map(placed).values()];
}

function unitsOf(fields: readonly ClaimField[], policy: Policy): Unit[] {
  const units = new Map<string, Unit>();
  for (const field of new Set(fields)) {
    const unit = unitOf(policy, field);
    units.set(unit.fields.join(" "), unit);
  }
  return [...units.values()];
}

interface Ranked {
  readonly best: Bundle;
  readonly same: readonly Bundle[];
}

/** Best first, one for each thing that is said, as far as a profile remembers. */
function rankUnit(unit: Unit, byField: ReadonlyMap<ClaimField, readonly Candidate[]>): Ranked[] {
  const { rule } = unit;
  const bundles = claimsTogether(unit, byField).map((claims) => bundleOf(claims, rule));
  const groups = Map.groupBy(rank(bundles, rule), ({ said }) => said);
  const max = rule.strategy === "aggregate" ? LIMITS.aggregatedValues : 1 + LIMITS.losersPerField;
  return [...groups.values()]
    .flatMap(([best, ...same]) => (best ? [{ best, same }] : []))
    .slice(0, max);
}

function claimsTogether(
  { group, fields }: Unit,
  byField: ReadonlyMap<ClaimField, readonly Candidate[]>,
): Candidate[][] {
  // Newest first, and the same order whatever the order of arrival was.
  const claims = fields.flatMap((field) => (byField.get(field) ?? []).toSorted(compareAge));
  if (group === null) return claims.map((claim) => [claim]);
  return [...Map.groupBy(claims, ({ fragment }) => fragment).values()]
    .map((ofFragment) => [
      ...new Map(ofFragment.toReversed().map((claim) => [claim.field, claim])).values(),
    ])
    .map((together) =>
      together.toSorted((a, b) => fields.indexOf(a.field) - fields.indexOf(b.field)),
    );
}

function survivorOf(
  field: ClaimField,
  { group, rule }: Unit,
  ranking: readonly Ranked[],
  pin: Pin | undefined,
): Survivor | null {
  const isCounted = rule.strategy === "most_frequent" || rule.then === "most_frequent";
  const saidBy = (ranked: Ranked): Said[] => {
    const [claim] = claimsOn(field, [ranked.best]);
    if (!claim) return [];
    const same = claimsOn(field, ranked.same)
      .slice(0, LIMITS.sameClaims)
      .map(({ value: _value, ...origin }) => origin);
    return [{ ...claim, ...(isCounted && same.length > 0 ? { same } : {}) }];
  };
  if (pin) {
    const { value, stamp, id, fragment, by } = pin;
    const text = canonicalJson(value);
    const losers = ranking.flatMap(saidBy);
    // A group is remembered whole: without its part here, the record would seem to say less than it does.
    const others =
      group === null ? losers.filter((each) => canonicalJson(each.value) !== text) : losers;
    return { value, stamp, event: id, fragment, rule: "pin", losers: others, pinned: { by } };
  }
  const [first, ...rest] = ranking;
  if (!first || first.best.isSkipped) return null;
  const [winner] = saidBy(first);
  if (!winner) return null;
  const standing = rest.filter(({ best }) => !best.isSkipped).flatMap(saidBy);
  const values = [winner, ...standing].map(({ value }) => value);
  return {
    ...winner,
    rule: rule.strategy,
    losers: rest.flatMap(saidBy),
    ...(group === null ? {} : { group }),
    ...(rule.strategy === "aggregate" ? { values } : {}),
  };
}

const claimsOn = (field: ClaimField, bundles: readonly Bundle[]) =>
  bundles.flatMap(({ claims }) =>
    claims.filter((claim) => claim.field === field).map((claim) => valueAndOrigin(claim)),
  );

function valueAndOrigin({ value, stamp, event, fragment, ...rest }: Omit<Candidate, "field">) {
  return { value, stamp, event, fragment, ...qualityOf(rest) };
}

/** Only what is so: most values are neither. */
export const qualityOf = ({ verified, repaired }: Pick<Candidate, "verified" | "repaired">) => ({
  ...(verified ? { verified } : {}),
  ...(repaired ? { repaired } : {}),
});
