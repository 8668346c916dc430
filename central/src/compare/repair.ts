/**
 * Mending what differs, by what may be done any number of times: decisions are told again, golden records derived anew, the
 * edge makes its profile anew and delivers its fragments once more. The centre's answer to that delivery tells again whose
 * they are, and takes what it has lost. What the edge has lost it is given back.
 */
import type { ComparedProfile, MendedCustomer } from "@regulars/shared/compare/messages";
import { bytesToBase64 } from "@regulars/shared/digest";
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { hexOf } from "../db/packed.ts";
import { stateIn } from "../db/packed-columns.ts";
import { deriveCustomers } from "../golden/derive.ts";
import { publishOverrides } from "../golden/overrides.ts";
import { goldenStatements } from "../golden/write-golden.ts";
import type { Intake } from "../intake/intake.ts";
import { publishStatement } from "../publish/outbox.ts";
import { markGoldenDiffering } from "../reconcile/dirty.ts";
import type { CentreSide } from "./centre-side.ts";
import type { Repair } from "./differences.ts";
import type { CompareEdge } from "./port.ts";
import type { WhatDiffers } from "./verdict.ts";

export interface Broken {
  readonly centre: CentreSide;
  readonly edge: ComparedProfile | undefined;
  readonly what: readonly WhatDiffers[];
}

export interface RepairDeps {
  readonly storage: Storage;
  readonly edge: CompareEdge;
  readonly intake: Pick<Intake, "alone">;
  readonly nowMs: () => number;
  /** There is something to publish. */
  readonly onWritten: () => void;
}

export interface RepairPlan {
  readonly done: readonly Repair[];
  /** Fragments whose state at the centre counts no more. */
  readonly doubted: readonly string[];
  /** Fragments that the edge is given. */
  readonly given: readonly string[];
  /** Customers at the edge that are made anew. */
  readonly mended: readonly CustomerId[];
}

/** Customers with whom the edge last said that it had fragments that it has not with this one. */
export function placesOf({ centre, edge }: Broken): CustomerId[] {
  const atEdge = new Set((edge?.fragments ?? []).map(({ id }) => id));
  return livingOf(centre).flatMap(({ id, placed }) =>
    atEdge.has(id) || placed === null || placed === centre.customer ? [] : [placed],
  );
}

const livingOf = ({ redirect, fragments }: CentreSide): CentreSide["fragments"] =>
  redirect === null ? fragments : [];

/** Of a fragment that the edge has with a customer. */
export const placeName = (customer: CustomerId, fragment: string): string =>
  `${customer} ${fragment}`;

/** Pure: what is to be done about it. `elsewhere`: the place names of all that was found at `placesOf` it. */
export function planRepair(
  { centre, edge, what }: Broken,
  elsewhere: ReadonlySet<string>,
): RepairPlan {
  const atEdge = new Map((edge?.fragments ?? []).map((each) => [each.id, each]));
  const doubted: string[] = [];
  const given: string[] = [];
  const places = new Set<CustomerId>([centre.customer]);
  for (const { id, clock, digest, placed } of livingOf(centre)) {
    const other = atEdge.get(id);
    const isElsewhere = !other && placed !== null && elsewhere.has(placeName(placed, id));
    // Its delivery is answered with where it belongs.
    if (isElsewhere) places.add(placed);
    else if (!other || other.clock < clock) given.push(id);
    else if (other.clock === clock && other.digest !== digest) doubted.push(id);
  }
  const isGoldenOnly = what.length === 1 && what[0] === "golden_record";
  const done: Repair[] = [
    ...(what.includes("golden_record") ? (["golden_anew"] as const) : []),
    ...(doubted.length > 0 ? (["taken_anew"] as const) : []),
    ...(isGoldenOnly ? [] : (["told_again", "rebuilt_at_edge"] as const)),
    ...(given.length > 0 ? (["given_back"] as const) : []),
  ];
  return { done, doubted, given, mended: isGoldenOnly ? [] : [...places] };
}

/** `filed` is written with the first step: what is mended is told of. */
export async function repair(
  deps: RepairDeps,
  broken: readonly { readonly broken: Broken; readonly plan: RepairPlan }[],
  filed: readonly Statement[],
): Promise<void> {
  const { storage, intake, onWritten } = deps;
  await intake.alone(async ({ policy }) => {
    const statements = [...filed];
    for (const { broken: each, plan } of broken) {
      statements.push(...(await statementsOf(deps, each, plan, policy)));
    }
    await storage.write(statements);
  });
  try {
    await mendAtEdge(deps, broken);
  } finally {
    // After it: what is told of a customer that the edge has lost finds nobody there.
    onWritten();
  }
}

async function mendAtEdge(
  { storage, edge }: RepairDeps,
  broken: Parameters<typeof repair>[1],
): Promise<void> {
  const mended = new Map<CustomerId, readonly string[]>();
  for (const { broken: each, plan } of broken) {
    for (const customer of plan.mended) {
      if (!mended.has(customer)) mended.set(customer, []);
    }
    if (plan.mended.length > 0) mended.set(each.centre.customer, plan.given);
  }
  const customers = (await givenOf(storage, mended)).slice(0, LIMITS.mendCustomers);
  if (customers.length > 0) await edge.mend({ ...THIS_VERSION, customers });
}

async function statementsOf(
  { storage, nowMs }: RepairDeps,
  { centre, what }: Broken,
  { doubted }: RepairPlan,
  policy: Parameters<typeof deriveCustomers>[2],
): Promise<Statement[]> {
  const { customer, redirect, overrides } = centre;
  const forget = doubted.map((id): Statement => ({
    // Any clock that a delivery has is news then.
    sql: "update source_record set clock = 0 where id = ?",
    args: [id],
  }));
  if (redirect !== null) {
    return [...forget, publishStatement({ kind: "redirect", from: customer, to: redirect })];
  }
  if (!centre.isKnown) return forget;
  const told = [
    publishOverrides(customer, overrides),
    publishStatement({ kind: "golden", customer, version: Math.max(1, centre.version) }),
    ...(policy.version === DEFAULT_POLICY.version || !what.includes("policy")
      ? []
      : [publishStatement({ kind: "policy", policy })]),
  ];
  if (!what.includes("golden_record")) return [...forget, ...told];
  const derived = await deriveCustomers(storage, [customer], policy);
  return [
    ...forget,
    ...told,
    ...derived.flatMap(({ standing, state }) =>
      // As if there were none: what stands is not what its digest says.
      goldenStatements(customer, { ...standing, digest: null }, state, nowMs()),
    ),
    markGoldenDiffering([customer], nowMs()),
  ];
}

async function givenOf(
  storage: Storage,
  mended: ReadonlyMap<CustomerId, readonly string[]>,
): Promise<MendedCustomer[]> {
  const ids = [...mended.values()].flat();
  const rows =
    ids.length === 0
      ? []
      : await rowsOf(
          storage,
          `select r.id, r.source, r.epoch, r.key, r.contribution, r.state, r.sha256, w.store
           from source_record r cross join writer w on w.source = r.source and w.epoch = r.epoch
           where r.id in (select value from json_each(?)) order by r.id`,
          [JSON.stringify(ids)],
        );
  let bytes = 0;
  const fitting = rows
    .map((row) => ({ row, state: stateIn(row) }))
    .filter(({ state }) => (bytes += state.length) <= LIMITS.mendBytes);
  const byId = new Map(fitting.map((each) => [textOf(each.row, "id"), each]));
  return [...mended].map(([customer, wanted]) => ({
    customer,
    fragments: wanted.slice(0, LIMITS.mendFragments).flatMap((id) => {
      const found = byId.get(id);
      if (!found) return [];
      const { row, state } = found;
      return [
        {
          source: textOf(row, "source"),
          epoch: numberOf(row, "epoch"),
          key: textOf(row, "key"),
          store: textOf(row, "store"),
          state: bytesToBase64(state),
          sha256: hexOf(row, "sha256"),
        },
      ];
    }),
  }));
}
