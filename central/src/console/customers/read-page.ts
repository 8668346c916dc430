/** All that the page of one customer shows, read together. */
import type { CustomerId } from "@regulars/shared/ids";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { goldenText } from "../../db/packed-columns.ts";
import { goldenSchema } from "../../golden/golden.ts";
import { readVersions } from "../../golden/history.ts";
import { decisionsOnQuery, readEntries } from "../../steward/list.ts";
import { readPotentialOf } from "../../steward/potential-matches.ts";
import { nameOf } from "../words.ts";
import type { CustomerView } from "./customer.ts";
import { eventsOfActivity, eventsOfGolden, readPlaces, readZones } from "./lineage.ts";

export const VERSIONS_PER_PAGE = 20;
const POTENTIAL_SHOWN = 5;
const DECISIONS_SHOWN = 50;

export async function readZoneOf(storage: Storage, view: CustomerView): Promise<string | null> {
  const { asOf } = view.activity;
  return asOf === null ? null : (await readZones(storage, [asOf]))(asOf);
}

export async function readPage(storage: Storage, view: CustomerView, before: number | undefined) {
  const { customer, golden, activity, version } = view;
  const matches = await readPotentialOf(storage, customer, POTENTIAL_SHOWN);
  const others = matches.map(({ customers: [one, two] }) => (one === customer ? two : one));
  const names = await readNames(storage, others);
  return {
    view,
    zone: await readZoneOf(storage, view),
    places: await readPlaces(storage, [...eventsOfGolden(golden), ...eventsOfActivity(activity)]),
    versions: await readVersions(storage, customer, {
      before: before ?? version + 1,
      limit: VERSIONS_PER_PAGE + 1,
    }),
    versionsShown: VERSIONS_PER_PAGE,
    decisions: await readEntries(storage, decisionsOnQuery(customer, DECISIONS_SHOWN)),
    potential: matches.map((match, at) => {
      const other = others[at] ?? "";
      return { match, other, name: names.get(other) ?? null };
    }),
  };
}

/** Names of customers who have one. */
export async function readNames(
  storage: Storage,
  customers: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, string>> {
  const rows = await rowsOf(
    storage,
    `select id, golden from customer where golden is not null
       and id in (select value from json_each(?))`,
    [JSON.stringify(customers)],
  );
  return new Map(
    rows.flatMap((row) => {
      const name = nameOf(goldenSchema.parse(JSON.parse(goldenText(row))).fields);
      return name === null ? [] : [[textOf(row, "id"), name] as const];
    }),
  );
}

/** The pin that stands on each field: the newest of those about the customer's records. */
export async function readPins(
  storage: Storage,
  customer: CustomerId,
): Promise<ReadonlyMap<string, string>> {
  const rows = await rowsOf(
    storage,
    `select o.field, o.id from source_record r
     cross join override o on o.fragment = r.id and o.undone_ms is null and o.kind = 'pin'
     where r.customer = ? order by o.stamp, o.id`,
    [customer],
  );
  return new Map(rows.map((row) => [textOf(row, "field"), textOf(row, "id")]));
}
