/**
 * Databases of three sizes: one store's four weeks, taken in by the production functions, and copies of it. Made once for a form
 * of the tables, and kept in an ignored folder.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs"; // prettier-ignore
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { openDatabase } from "../../central/src/db/open.ts";
import { clear, intoOneFile } from "../database-file.ts";
import { multiply } from "./multiply.ts";
import { fillTemplate } from "./template.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const MIGRATIONS = "central/src/db/migrations";
const END_MS = Date.UTC(2026, 10, 23);
const EVENTS_PER_CUSTOMER = 5;

export interface Sizes {
  readonly customersPerStore: number;
  /** Stores of each database, smallest first. */
  readonly stores: readonly number[];
}

export interface Sized {
  readonly file: string;
  readonly stores: number;
  readonly customers: number;
  readonly events: number;
}

export async function openDatabases({ customersPerStore, stores }: Sizes): Promise<Sized[]> {
  const folder = join(ROOT, ".regulars", "bench");
  mkdirSync(folder, { recursive: true });
  const form = formOfRows();
  const sized = stores.map((count): Sized => ({
    file: join(folder, `centre-${customersPerStore}-${count}-${form}.db`),
    stores: count,
    customers: count * customersPerStore,
    events: count * customersPerStore * EVENTS_PER_CUSTOMER,
  }));
  if (sized.every(({ file }) => existsSync(file))) return sized;
  forget(folder, `centre-${customersPerStore}-`, form);
  const template = await openTemplate(folder, customersPerStore, form);
  const begun = clear(join(folder, "centre.begun"));
  copyFileSync(template, begun);
  const startedMs = performance.now();
  multiply(begun, Math.max(...stores), (done) => {
    const reached = sized.find((each) => each.stores === done);
    if (!reached) return;
    copyFileSync(begun, clear(`${reached.file}.begun`));
    renameSync(`${reached.file}.begun`, reached.file);
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    if (seconds > 10) console.error(`${reached.customers} customers after ${seconds} s`);
  });
  clear(begun);
  return sized;
}

async function openTemplate(folder: string, customers: number, form: string): Promise<string> {
  const file = join(folder, `centre-${customers}-1-${form}.db`);
  if (existsSync(file)) return file;
  const begun = clear(`${file}.begun`);
  const storage = await openDatabase({ url: pathToFileURL(begun).href });
  await fillTemplate(storage, {
    customers,
    events: customers * EVENTS_PER_CUSTOMER,
    endMs: END_MS,
  });
  // What the edge has taken: an outbox is as long as what it has not.
  await storage.write([{ sql: "delete from publication" }]);
  storage.close();
  intoOneFile(begun);
  renameSync(begun, file);
  clear(begun);
  return file;
}

/** By what rows are packed, and what makes a template and its copies. */
const MAKERS = {
  "central/src/db": ["dictionaries.ts", "event-body.ts", "packed.ts", "packed-columns.ts"],
  "bench/centre": ["template.ts", "multiply.ts", "names.ts", "packed-rows.ts"],
};

/** Other tables or another template make other databases. */
function formOfRows(): string {
  const hash = createHash("sha256");
  const migrations = readdirSync(join(ROOT, MIGRATIONS)).filter((name) => name.endsWith(".sql"));
  for (const [folder, names] of Object.entries({
    ...MAKERS,
    [MIGRATIONS]: migrations.toSorted(),
  })) {
    for (const name of names) hash.update(readFileSync(join(ROOT, folder, name)));
  }
  return hash.digest("hex").slice(0, 8);
}

/** Of forms that are no more. */
function forget(folder: string, lead: string, form: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(lead) && !name.includes(form)) rmSync(join(folder, name), { force: true });
  }
}
