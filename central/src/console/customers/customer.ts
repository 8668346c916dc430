/** One customer as the centre holds it. An id that redirects answers with the customer it lives on as. */
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
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

/** One statement: each of several costs as much as what it finds. A libSQL server takes no order within an aggregate. */
export const customerQuery = (id: CustomerId): Statement => ({
  sql: `select c.*,
      (select json_group_array(json_object('id', r.id, 'source', r.source, 'epoch', r.epoch, 'key', r.key,
          'seq', r.seq, 'receivedMs', r.received_ms, 'store', w.store, 'zone', w.zone))
        from source_record r left join writer w on w.source = r.source and w.epoch = r.epoch
        where r.customer = c.id) as records,
      (select json_group_array(o.id) from customer o where o.redirect_to = c.id) as redirects
    from customer c where c.id = (select coalesce(redirect_to, id) from customer where id = ?)`,
  args: [id],
});

const recordsSchema: z.ZodType<RecordSummary[]> = z.array(
  z.object({
    id: z.string(),
    source: z.string(),
    epoch: z.int(),
    key: z.string(),
    seq: z.int(),
    receivedMs: z.int(),
    store: z.string().nullable(),
    zone: z.string().nullable(),
  }),
);
const idsSchema = z.array(z.string());

export async function readCustomer(storage: Storage, id: CustomerId): Promise<CustomerView | null> {
  const [[row] = []] = await storage.read([customerQuery(id)]);
  if (!row) return null;
  return {
    customer: textOf(row, "id"),
    version: numberOf(row, "version"),
    digest: hexOf(row, "digest"),
    updatedMs: numberOf(row, "updated_ms"),
    golden: goldenSchema.parse(JSON.parse(goldenText(row))),
    activity: activitySchema.parse(JSON.parse(activityText(row))),
    records: recordsSchema
      .parse(JSON.parse(textOf(row, "records")))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    redirects: idsSchema.parse(JSON.parse(textOf(row, "redirects"))).toSorted(),
  };
}
