/** What the edge has stored of one customer in each shard, written again for thousands: while workerd is down, on its files. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { customerIdOf, shardOf } from "@regulars/shared/ids";
import { z } from "zod";
import { cardAt, keyAt } from "./customers.ts";
import { SHARDS } from "./two-workers.ts";

const NAMESPACE = "regulars-ProfileShard";

/** Customers with numbers `from` up to, without, `to`. */
export function multiply(
  objects: string,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const folder = join(objects, NAMESPACE);
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  const byShard = Map.groupBy(numbers, (at) => shardOf(customerIdOf(keyAt(at)), SHARDS));
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".sqlite"))) {
    const database = new DatabaseSync(join(folder, file));
    const template = templateIn(database);
    if (template) {
      database.exec("begin");
      for (const at of byShard.get(template.shard) ?? []) insert(database, template, at);
      database.exec("commit");
    }
    database.close();
  }
}

const profileSchema = z.object({
  customer: z.string(), version: z.int(), golden: z.int(), json: z.string(), stores: z.string(), view: z.string(),
}); // prettier-ignore
const fragmentSchema = z.object({
  id: z.string(), clock: z.int(), sha256: z.string(), state: z.instanceof(Uint8Array), contribution: z.string(),
}); // prettier-ignore

interface Template {
  readonly shard: number;
  /** What names the customer in all that is stored of it. */
  readonly names: readonly string[];
  readonly profile: z.infer<typeof profileSchema>;
  readonly fragment: z.infer<typeof fragmentSchema>;
}

/** Null of an object that is no shard of profiles, or has no customer. */
function templateIn(database: DatabaseSync): Template | null {
  const [table] = database.prepare("select 1 from sqlite_schema where name = 'profile'").all();
  const row = table && database.prepare("select * from profile limit 1").get();
  if (!row) return null;
  const profile = profileSchema.parse(row);
  const { customer } = profile;
  const stored = database.prepare("select * from fragment where customer = ?").get(customer);
  for (let at = 0; ; at++) {
    if (customerIdOf(keyAt(at)) !== customer) continue;
    const fragment = fragmentSchema.parse(stored);
    return { shard: shardOf(customer, SHARDS), names: namesOf(at), profile, fragment };
  }
}

const namesOf = (at: number) => [customerIdOf(keyAt(at)), keyAt(at), cardAt(at)];

function insert(database: DatabaseSync, { names, profile, fragment }: Template, at: number): void {
  const others = namesOf(at);
  const renamed = (text: string): string =>
    names.reduce((so, name, nth) => so.replaceAll(name, others[nth] ?? name), text);
  const customer = customerIdOf(keyAt(at));
  const { version, golden, json, stores, view } = profile;
  database
    .prepare(
      "insert into profile (customer, version, golden, json, stores, view) values (?, ?, ?, ?, ?, ?)",
    )
    .run(customer, version, golden, renamed(json), stores, renamed(view));
  const { id, clock, sha256, state, contribution } = fragment;
  // Its document is not opened by a read, and stays whole under its own name.
  database
    .prepare(
      "insert into fragment (customer, id, clock, sha256, state, contribution) values (?, ?, ?, ?, ?, ?)",
    )
    .run(customer, renamed(id), clock, sha256, state, renamed(contribution));
}
