/** Everybody at once: towns of several sizes, resolved by one thread and by two, and their candidate pairs counted by SQL. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type BatchRecord, runBatch } from "../../central/src/matching/batch.ts";
import { blanksOf } from "../../central/src/matching/blanks.ts";
import { codesOf, fileCodes } from "../../central/src/matching/filed.ts";
import { DEFAULT_MODEL, type Model } from "../../central/src/matching/model.ts";
import { createLexicon, prepare } from "../../central/src/matching/prepare.ts";
import { unitOf } from "../../central/src/resolve/unit.ts";
import { readRecords } from "../../local/evaluate/read-records.ts";
import { readTable } from "../../local/evaluate/read-table.ts";
import { contextOf } from "../../local/evaluate/resolve-batch.ts";
import { sourceRecordOf } from "../../local/evaluate/source-record.ts";
import { writeTown } from "../../local/generate/write-town.ts";

const SEED = 11;
const TODAY = "2026-11-26";
/** A customer of the town is in so many records. */
const RECORDS_EACH = 3.22;
const CORES = 2;

export interface Round {
  /** Wall time of all of it: from what records say to the weights of their pairs. */
  readonly seconds: number;
  /** Of that, going through the candidate pairs and comparing them. */
  readonly comparingSeconds: number;
  readonly comparingCpuSeconds: number;
  readonly aloneSeconds: number;
  readonly joinSeconds: number;
}

export interface BatchSize {
  readonly records: number;
  readonly pairs: number;
  /** Pairs that the join comes to: once for each code in common. */
  readonly joined: number;
  readonly rounds: readonly Round[];
}

/** `alone`: with one thread as well. */
export async function benchBatches(
  sizes: readonly number[],
  rounds: number,
  isAlone: (size: number) => boolean,
): Promise<BatchSize[]> {
  const measured: BatchSize[] = [];
  for (const size of sizes) {
    const { records, from } = await townOf(size);
    const database = joinOf(records);
    const training = { from, version: "bench" };
    const taken: Round[] = [];
    let [pairs, joined] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const counted = timed(() => countJoined(database));
      joined = counted.value;
      const batch = await timedAsync(() => runBatch(records, training, CORES));
      pairs = batch.value.compared;
      const alone = isAlone(size) ? await timedAsync(() => runBatch(records, training)) : null;
      taken.push({
        seconds: batch.seconds,
        comparingSeconds: batch.value.comparingMs / 1_000,
        comparingCpuSeconds: batch.value.comparingCpuMs / 1_000,
        aloneSeconds: alone?.seconds ?? 0,
        joinSeconds: counted.seconds,
      });
    }
    database.close();
    measured.push({ records: records.length, pairs, joined, rounds: taken });
  }
  return measured;
}

async function townOf(size: number): Promise<{ records: BatchRecord[]; from: Model }> {
  const folder = mkdtempSync(join(tmpdir(), "regulars-town-"));
  try {
    writeTown(folder, { seed: SEED, customers: Math.round(size / RECORDS_EACH) });
    const table = await readTable(join(folder, "records.csv"));
    const records = await readRecords([table], {
      id: "record_id",
      hidden: [],
      mapping: undefined,
      country: undefined,
      today: TODAY,
      tell: () => {},
    });
    const blanks = blanksOf(records.map(({ features }) => features));
    const from: Model = { ...DEFAULT_MODEL, blanks };
    const context = contextOf(records, from);
    const units = records.map((record) => unitOf(sourceRecordOf(record).contribution, [], context));
    return {
      from,
      records: units.map(({ id, features, keyList }) => ({ id, features, keys: keyList })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The records by the same codes, those that are too crowded left out as well, with the index that the join needs. */
function joinOf(records: readonly BatchRecord[]): DatabaseSync {
  const lexicon = createLexicon();
  const prepared = records.map(({ features }) => prepare(features, lexicon));
  const { members } = fileCodes([codesOf(prepared, (at) => records[at]?.keys ?? [])]);
  const database = new DatabaseSync(":memory:");
  database.exec(
    "create table block (code integer, record integer, primary key (code, record)) without rowid; begin",
  );
  const insert = database.prepare("insert or ignore into block values (?, ?)");
  let code = 0;
  for (const member of members) {
    const isLast = member < 0;
    insert.run(code, isLast ? ~member : member);
    if (isLast) code++;
  }
  database.exec("commit");
  return database;
}

function countJoined(database: DatabaseSync): number {
  const row = database
    .prepare(
      "select count(*) as n from block a join block b on b.code = a.code and b.record > a.record",
    )
    .get();
  return Number(row?.["n"] ?? 0);
}

function timed<Value>(task: () => Value): { value: Value; seconds: number } {
  const from = performance.now();
  const value = task();
  return { value, seconds: (performance.now() - from) / 1_000 };
}

async function timedAsync<Value>(
  task: () => Promise<Value>,
): Promise<{ value: Value; seconds: number }> {
  const from = performance.now();
  const value = await task();
  return { value, seconds: (performance.now() - from) / 1_000 };
}
