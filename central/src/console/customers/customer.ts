/** One customer as the centre holds it. An id that redirects answers with the customer it lives on as. */
import type { CustomerId } from "@regulars/shared/ids";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { hexOf } from "../../db/packed.ts";
import { activityText, goldenText } from "../../db/packed-columns.ts";
import { type Activity, activitySchema, type Golden, goldenSchema } from "../../golden/golden.ts";

export interface RecordSummary {
  readonly id: string;
  readonly source: string;
  readonly epoch: number;
  readonly key: string;
  /** Last event of the writer that it includes. */
  readonly seq: number;
  readonly receivedMs: number;
  readonly store: string | null;
  readonly zone: string | null;
}

export interface CustomerView {
  readonly customer: CustomerId;
  readonly version: number;
  readonly digest: string;
  readonly updatedMs: number;
  readonly golden: Golden;
  readonly activity: Activity;
  readonly records: readonly RecordSummary[];
  /** Other ids that the customer has had. */
  readonly redirects: readonly CustomerId[];
}

export function customerQueries(id: CustomerId): Statement[] {
  const active = "(select coalesce(redirect_to, id) from customer where id = ?)";
  return [
    { sql: `select * from customer where id = ${active}`, args: [id] },
    {
      sql: `select r.id, r.source, r.epoch, r.key, r.seq, r.received_ms, w.store, w.zone
            from source_record r left join writer w on w.source = r.source and w.epoch = r.epoch
            where r.customer = ${active} order by r.id`,
      args: [id],
    },
    { sql: `select id from customer where redirect_to = ${active} order by id`, args: [id] },
  ];
}

export async function readCustomer(storage: Storage, id: CustomerId): Promise<CustomerView | null> {
  const [customers = [], records = [], redirects = []] = await storage.read(customerQueries(id));
  const [row] = customers;
  if (!row) return null;
  return {
    customer: textOf(row, "id"),
    version: numberOf(row, "version"),
    digest: hexOf(row, "digest"),
    updatedMs: numberOf(row, "updated_ms"),
    golden: goldenSchema.parse(JSON.parse(goldenText(row))),
    activity: activitySchema.parse(JSON.parse(activityText(row))),
    records: records.map((record) => recordOf(record)),
    redirects: redirects.map((redirect) => textOf(redirect, "id")),
  };
}

const recordOf = (row: Row): RecordSummary => ({
  id: textOf(row, "id"),
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  key: textOf(row, "key"),
  seq: numberOf(row, "seq"),
  receivedMs: numberOf(row, "received_ms"),
  store: row["store"] === null ? null : textOf(row, "store"),
  zone: row["zone"] === null ? null : textOf(row, "zone"),
});
