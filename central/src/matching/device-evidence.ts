/**
 * What browsers, app installations and carts prove (IDN8). A device is whoever sits before it: it never joins two people, and
 * what was done on it before anybody said who they are belongs to a person only where there is one person to whom it can
 * belong. Decided last, when it is known who is one by all other evidence, so that it can change nothing of that.
 */
import { kindOfKey } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import type { ClusterInput, Link, Refusal, RefusalReason, Unit } from "./clusters.ts";
import type { Groups } from "./groups.ts";
import type { KeyEvidence } from "./key-evidence.ts";
import { keyRuleOf, type MatchingPolicy } from "./policy.ts";

/** A group as it stands: one person by all other evidence, or what was done by somebody unknown. */
interface Side {
  readonly at: number;
  readonly units: readonly Unit[];
  /** Known by something else than devices; also by what proves nothing, for it may be somebody else. */
  readonly isKnown: boolean;
  /** Its devices, sorted by text. */
  readonly devices: readonly IdentityKey[];
}

/** Sides that devices tie to each other, through those alone who are nobody yet, and the people seen with them. */
interface Knot {
  readonly unknown: readonly Side[];
  readonly people: readonly Side[];
}

export function deviceEvidenceOf(
  units: readonly Unit[],
  groups: Groups,
  input: Pick<ClusterInput, "policy" | "judge">,
): KeyEvidence {
  const { judge } = input;
  const isDevice = deviceRule(input.policy);
  // Most have none, and among hundreds of thousands it is not asked twice.
  if (!units.some(({ keys }) => Object.keys(keys).some(isDevice))) return NOTHING;
  const sides = sidesOf(units, groups, isDevice);
  const seenWith = Map.groupBy(
    sides.flatMap((side) => side.devices.map((key) => ({ key, side }))),
    ({ key }) => key,
  );
  const othersOf = (key: IdentityKey): Side[] => (seenWith.get(key) ?? []).map(({ side }) => side);
  const peopleOf = ({ devices }: Side): Side[] => [
    ...new Set(devices.flatMap(othersOf).filter(({ isKnown }) => isKnown)),
  ];
  const links: Link[] = [];
  const refusals: Refusal[] = [];
  const refuse = (unknown: Side, reason: RefusalReason): void => {
    const refusal = refusalOf(unknown, othersOf, reason);
    if (refusal !== null) refusals.push(refusal);
  };
  const open: Side[] = [];
  for (const side of sides) {
    if (side.isKnown || side.devices.length === 0) continue;
    // On a tablet of a shop was everybody, also whoever has a cart of their own besides.
    if (side.devices.some((key) => judge.isBlocked(key))) refuse(side, "blocked_value");
    else if (peopleOf(side).length > 1) refuse(side, "shared_device");
    else open.push(side);
  }
  for (const knot of knotsOf(open, othersOf, peopleOf)) {
    const reason = contradictionOf(knot, groups, input);
    if (reason === null) links.push(...linksOf(knot));
    else for (const side of knot.unknown) refuse(side, reason);
  }
  return { links, refusals };
}

const NOTHING: KeyEvidence = { links: [], refusals: [] };

const deviceRule =
  (policy: MatchingPolicy) =>
  (key: IdentityKey): boolean => {
    const { device = false, strength } = keyRuleOf(policy, kindOfKey(key));
    return device && strength > 0;
  };

function sidesOf(
  units: readonly Unit[],
  groups: Groups,
  isDevice: (key: IdentityKey) => boolean,
): Side[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  return groups.lists().map((ids, at) => {
    const own = ids.flatMap((id) => byId.get(id) ?? []);
    const keys = new Set(own.flatMap((unit) => Object.keys(unit.keys)));
    const devices = [...keys].filter(isDevice).toSorted(byText);
    return { at, units: own, isKnown: devices.length < keys.size || keys.size === 0, devices };
  });
}

/** Each side that is nobody's yet in one knot; in the order of their first appearance. */
function knotsOf(
  open: readonly Side[],
  othersOf: (key: IdentityKey) => readonly Side[],
  peopleOf: (side: Side) => readonly Side[],
): Knot[] {
  const left = new Set(open);
  const knots: Knot[] = [];
  for (const first of open) {
    if (!left.delete(first)) continue;
    const unknown = [first];
    for (const side of unknown) {
      for (const other of side.devices.flatMap(othersOf)) {
        if (left.delete(other)) unknown.push(other);
      }
    }
    knots.push({ unknown, people: [...new Set(unknown.flatMap(peopleOf))] });
  }
  const firstOf = ({ unknown }: Knot): string =>
    unknown.map(firstStampOf).toSorted(byText)[0] ?? "";
  return knots.toSorted((a, b) => byText(firstOf(a), firstOf(b)));
}

/** What is told first is joined first: where somebody has too many, it is the newest that stays outside. */
const firstStampOf = ({ units, devices }: Side): string => {
  const stamps = units.flatMap(({ keys }) => devices.flatMap((key) => keys[key] ?? []));
  return `${stamps.toSorted(byText)[0] ?? ""} ${units[0]?.id ?? ""}`;
};

/** Of so many members it is looked at whether they contradict each other. */
const LOOKED_AT = 60;

/** Why a knot is not one person. */
function contradictionOf(
  { unknown, people }: Knot,
  groups: Groups,
  { judge }: Pick<ClusterInput, "judge">,
): RefusalReason | null {
  if (people.length > 1) return "shared_device";
  const members = [...people, ...unknown].slice(0, LOOKED_AT);
  let found: RefusalReason | null = null;
  for (const [at, one] of members.entries()) {
    for (const two of members.slice(at + 1)) {
      const [a, b] = [one.units[0]?.id ?? "", two.units[0]?.id ?? ""];
      if (groups.areApart(a, b)) return "steward_different";
      if (found === null && areTwo(one, two, judge)) found = "shared_device";
    }
  }
  return found;
}

const areTwo = (one: Side, two: Side, judge: ClusterInput["judge"]): boolean =>
  one.units
    .slice(0, LOOKED_AT)
    .some((a) => two.units.slice(0, LOOKED_AT).some((b) => judge.isApart(a.id, b.id)));

/** All who name a device to one of them: the person, where there is one. */
function linksOf({ unknown, people }: Knot): Link[] {
  const members = [
    ...people,
    ...unknown.toSorted((a, b) => byText(firstStampOf(a), firstStampOf(b))),
  ];
  const devices = [...new Set(unknown.flatMap(({ devices: own }) => own))].toSorted(byText);
  return devices.flatMap((by) => {
    const [a, ...others] = members.flatMap(({ units }) => unitNaming(units, by) ?? []);
    if (a === undefined) return [];
    return others.map((b): Link => ({ a, b, kind: "deterministic", by, weight: null }));
  });
}

/** Between the side and the first of others who were seen with one of its devices. */
function refusalOf(
  { units, devices }: Side,
  othersOf: (key: IdentityKey) => readonly Side[],
  reason: RefusalReason,
): Refusal | null {
  for (const by of devices) {
    const a = unitNaming(units, by);
    const ids = othersOf(by).flatMap((side) => unitNaming(side.units, by) ?? []);
    const b = ids.toSorted(byText).find((id) => id !== a);
    if (a !== undefined && b !== undefined) {
      return { a, b, kind: "deterministic", by, weight: null, reason };
    }
  }
  return null;
}

const unitNaming = (units: readonly Unit[], key: IdentityKey): string | undefined =>
  units.find(({ keys }) => Object.hasOwn(keys, key))?.id;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
