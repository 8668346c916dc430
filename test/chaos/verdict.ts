/** The end of a run: the receipts against the journals, the centre and the profiles. Simple code of its own. */
import { createHash } from "node:crypto";
import { createClient } from "@libsql/client";
import { createLibsqlStorage } from "@regulars/shared/storage/libsql";
import { rowsOf } from "@regulars/shared/storage/port";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { z } from "zod";
import { legibleRow } from "../../central/src/db/event-body.ts";
import { request, Refused } from "../../local/system/request.ts";
import type { Counts } from "./faults.ts";
import { journalOf, type Row, rowsIn } from "./journal.ts";
import type { Receipt } from "./receipts.ts";
import type { Town } from "./town.ts";

const foundSchema = z.object({ customer: z.string() });

export interface Verdict {
  readonly receipts: number;
  readonly lost: number;
  readonly doubled: number;
  readonly wrongProfiles: number;
  readonly brokenJournals: number;
  readonly forksPlanted: number;
  readonly forksFound: number;
  readonly quarantined: number;
  /** What was found, in words; the first of each kind. */
  readonly found: readonly string[];
}

export function openEpoch(folder: string): number {
  const [row] = rowsIn(folder, "select max(epoch) as epoch from writer where closed is null");
  return Number(row?.["epoch"]);
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The first row that does not continue its chain; null when all do. */
function firstBroken(source: string, rows: readonly Row[]): string | null {
  for (const [epoch, ofEpoch] of Map.groupBy(rows, (row) => Number(row["epoch"]))) {
    let prev = sha256(`regulars/journal/${source}/${epoch}`);
    for (const [at, row] of ofEpoch.entries()) {
      const isNext = row["seq"] === at + 1 && row["prev"] === prev;
      if (!isNext || sha256(`${prev}\n${String(row["body"])}`) !== row["hash"]) {
        return `${source}/${epoch}, row ${String(row["seq"])}`;
      }
      prev = row["hash"];
    }
  }
  return null;
}

export async function judge(
  town: Town,
  receipts: readonly Receipt[],
  { planted }: Counts,
): Promise<Verdict> {
  const found: string[] = [];
  const client = createClient({ url: town.database.url });
  const storage = createLibsqlStorage(() => client);
  const ask = (sql: string) => rowsOf(storage, sql);
  const stored = await ask("select * from event order by source, epoch, seq");
  const events = stored.map((row) => legibleRow(row));
  const counts = new Map<string, number>();
  for (const { external_id: key } of events) {
    if (typeof key === "string") counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const lost = receipts.filter(({ key }) => !counts.has(key));
  const printed = new Set(receipts.map(({ key }) => key));
  const doubled = [...counts].filter(([key, count]) => count > 1 || !printed.has(key));
  for (const { key } of lost.slice(0, 3)) found.push(`lost: ${key}`);
  for (const [key, count] of doubled.slice(0, 3))
    found.push(`${count} times at the centre: ${key}`);

  const journals = await Promise.all(
    town.tills.map(async (till) => ({ ...till, rows: await journalOf(till.folder) })),
  );
  const broken = [
    ...[...Map.groupBy(events, (row) => String(row["source"]))].map(([source, rows]) =>
      firstBroken(source, rows),
    ),
    ...journals.map(({ source, rows }) => firstBroken(source, rows)),
    ...differences(journals, events),
  ].filter((each) => each !== null);
  found.push(...broken.slice(0, 3).map((each) => `journal: ${each}`));
  const problems = await ask("select source, epoch, code, item from intake_problem");
  const quarantine = [
    ...problems.filter(({ code }) => code !== "fork"),
    ...events.filter(({ quarantined }) => quarantined !== null),
    ...town.tills.flatMap(({ folder }) =>
      rowsIn(folder, "select epoch, seq, code from quarantine"),
    ),
  ];
  found.push(...quarantine.slice(0, 3).map((row) => `quarantined: ${JSON.stringify(row)}`));
  client.close();
  const missed = planted.filter((each) => !isTold(town, each));
  found.push(...missed.slice(0, 3).map(({ source, epoch }) => `not noticed: ${source}/${epoch}`));
  const wrong = await wrongProfiles(town, receipts);
  found.push(...wrong.slice(0, 3));
  return {
    receipts: receipts.length,
    lost: lost.length,
    doubled: doubled.length,
    wrongProfiles: wrong.length,
    brokenJournals: broken.length,
    forksPlanted: planted.length,
    forksFound: planted.length - missed.length,
    quarantined: quarantine.length,
    found,
  };
}

const keyOf = (source: string, row: Row): string =>
  `${source}/${String(row["epoch"])}/${String(row["seq"])}`;

interface Journal {
  readonly name: string;
  readonly source: string;
  readonly rows: readonly Row[];
}

/** A row of a till that the centre has with other bytes, or has not. */
function differences(journals: readonly Journal[], events: readonly Row[]): string[] {
  const hashes = new Map(events.map((row) => [keyOf(String(row["source"]), row), row["hash"]]));
  return journals.flatMap(({ name, source, rows }) =>
    rows
      .filter((row) => hashes.get(keyOf(source, row)) !== row["hash"])
      .map((row) => `${name} and the centre differ at ${keyOf(source, row)}`),
  );
}

/** A second life of a journal: one of its machines has closed the epoch that both had, and says why. */
function isTold({ tills }: Town, { source, epoch }: { source: string; epoch: number }): boolean {
  const sql = `select closed from writer where epoch = ${epoch} and closed in ('restored', 'fenced', 'fork', 'moved')`;
  return tills.some((till) => till.source === source && rowsIn(till.folder, sql).length > 0);
}

/** Each sale of a customer counts once in the profile. */
async function wrongProfiles(town: Town, receipts: readonly Receipt[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const [customer, own] of Map.groupBy(receipts, (receipt) => receipt.customer)) {
    if (customer === null) continue;
    const expected = {
      sales: own.length,
      minor: own.reduce((sum, { totalMinor }) => sum + totalMinor, 0),
    };
    const { sales = 0, minor = 0 } = (await totalsOf(town, customer)) ?? {};
    if (sales !== expected.sales || minor !== expected.minor) {
      wrong.push(`a profile says ${sales} sales, ${minor}; receipts ${JSON.stringify(expected)}`);
    }
  }
  return wrong;
}

async function totalsOf({ edgeUrl, secrets }: Town, loyaltyNumber: string) {
  try {
    const headers = { authorization: `Bearer ${secrets.centralToken}` };
    const customers = `${edgeUrl}/v1/customers`;
    const body = { loyaltyNumber };
    const { customer } = await request(`${customers}/lookup`, foundSchema, { headers, body });
    const stored = await request(`${customers}/${customer}/stored`, profileSchema, { headers });
    return stored.totals["GBP"] ?? null;
  } catch (error) {
    if (error instanceof Refused) return null; // nobody has this card
    throw error;
  }
}
