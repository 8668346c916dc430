/**
 * What a decision, or its undoing, would come to: the customers as they are beside the customers as they would be, from the
 * same plan that `decide` writes.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { fail, ok, type Result } from "@regulars/shared/result";
import { type Storage, textOf } from "@regulars/shared/storage/port";
import { activityText, goldenText } from "../db/packed-columns.ts";
import { type Activity, activitySchema, type Golden, goldenSchema } from "../golden/golden.ts";
import type { RefusalReason } from "../matching/clusters.ts";
import {
  type Plan,
  planLink,
  planUndo,
  readStanding,
  type Refusal,
  type StewardDeps,
} from "./plan.ts";
import type { LinkRequest } from "./requests.ts";

export interface PreviewSide {
  readonly customer: CustomerId;
  readonly golden: Golden;
  readonly activity: Activity;
  /** Ids of its source records. */
  readonly records: readonly string[];
}

export interface Preview {
  readonly before: readonly PreviewSide[];
  readonly after: readonly PreviewSide[];
  /** What keeps some of the named records apart all the same. */
  readonly refused: readonly RefusalReason[];
  /** Customers besides who would become others. */
  readonly others: readonly CustomerId[];
}

/** Writes nothing. Not to be run beside an intake. */
export async function previewLink(
  deps: StewardDeps,
  request: LinkRequest,
): Promise<Result<Preview, Refusal>> {
  const plan = await planLink(deps, request);
  return plan.ok ? ok(await previewOf(deps.storage, plan.value)) : plan;
}

/** `conflict`: it was undone already, or is about a field. */
export async function previewUndo(
  deps: StewardDeps,
  id: string,
): Promise<Result<Preview, "unknown_decision" | "conflict">> {
  const standing = await readStanding(deps.storage, id);
  if (!standing) return fail("unknown_decision");
  const isLink = standing.kind === "same" || standing.kind === "different";
  if (standing.undoneMs !== null || !isLink) return fail("conflict");
  return ok(await previewOf(deps.storage, await planUndo(deps, id, standing.records)));
}

async function previewOf(storage: Storage, plan: Plan): Promise<Preview> {
  const { resolution, states, records: named } = plan;
  const { arrivals, resolved } = resolution;
  const before = [
    ...new Set(named.flatMap((id) => arrivals.stored.get(id)?.customer ?? [])),
  ].toSorted();
  const stored = await readSides(storage, [...new Set([...before, ...plan.customers])]);
  const after = plan.customers.map((customer): PreviewSide => {
    const cluster = resolved?.naming.clusters.find((each) => each.customer === customer);
    const state = states.get(customer);
    const known = stored.get(customer);
    const content = state ?? known;
    if (!content) throw new Error("a customer without a golden record");
    const records = cluster?.records.map(({ id }) => id).toSorted() ?? known?.records ?? [];
    return { customer, golden: content.golden, activity: content.activity, records };
  });
  const told = new Set([...before, ...plan.customers]);
  return {
    before: before.flatMap((id) => stored.get(id) ?? []),
    after,
    refused: plan.customers.length > 1 ? refusedIn(plan) : [],
    others: [...states.keys()].filter((id) => !told.has(id)),
  };
}

/** Between units of the named records. */
function refusedIn({ resolution: { resolved }, records }: Plan): RefusalReason[] {
  const units = new Set(records.map((id) => resolved?.unitOfRecord.get(id)));
  const refusals = (resolved?.components ?? []).flatMap(({ clustering }) => clustering.refusals);
  const own = refusals.filter(({ a, b }) => units.has(a) && units.has(b));
  return [...new Set(own.map(({ reason }) => reason))];
}

async function readSides(
  storage: Storage,
  customers: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, PreviewSide>> {
  const args = [JSON.stringify(customers)];
  const these = "(select value from json_each(?))";
  const [rows = [], records = []] = await storage.read([
    {
      sql: `select id, as_of, golden, activity from customer where golden is not null and id in ${these}`,
      args,
    },
    { sql: `select id, customer from source_record where customer in ${these} order by id`, args },
  ]);
  return new Map(
    rows.map((row) => {
      const customer = textOf(row, "id");
      const side: PreviewSide = {
        customer,
        golden: goldenSchema.parse(JSON.parse(goldenText(row))),
        activity: activitySchema.parse(JSON.parse(activityText(row))),
        records: records
          .filter((record) => record["customer"] === customer)
          .map((record) => textOf(record, "id")),
      };
      return [customer, side];
    }),
  );
}
