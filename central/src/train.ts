/**
 * `npm run -s train -w central -- --database URL --out FILE [--country GB]`: a model of matching, trained on all source records
 * that a centre holds, without labels. The centre takes it with `--model FILE`. Changes nothing but the schema of an older build; the same
 * records give the same bytes.
 */
import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { canonicalJson, sha256Hex } from "@regulars/shared/digest";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { contributionIn } from "./db/packed-columns.ts";
import { openDatabase } from "./db/open.ts";
import { runBatch, threadsFor } from "./matching/batch.ts";
import { blanksOf } from "./matching/blanks.ts";
import { featuresOf } from "./matching/features-of-claims.ts";
import { DEFAULT_MODEL, type Model } from "./matching/model.ts";
import { DEFAULT_MATCHING_POLICY } from "./matching/policy.ts";
import { createMatchingContext, type Described } from "./resolve/matching-context.ts";
import { unitOf } from "./resolve/unit.ts";

/** Fewer say less than the model that is shipped. */
const RECORDS_MIN = 500;
const PAGE = 2_000;

class TrainingRefused extends Error {}

async function readRecords(storage: Storage): Promise<Described[]> {
  const records: Described[] = [];
  for (let after = ""; ;) {
    const rows = await rowsOf(
      storage,
      "select id, contribution from source_record where id > ? order by id limit ?",
      [after, PAGE],
    );
    const last = rows.at(-1);
    if (!last) return records;
    after = textOf(last, "id");
    for (const row of rows) {
      const { source, epoch, key, keys, claims } = contributionIn(row);
      records.push({ source, epoch, key, keys, claims });
    }
  }
}

export async function trainOnRecords(
  records: readonly Described[],
  country: string,
  threads = 1,
): Promise<Model> {
  const blanks = blanksOf(records.map(({ claims }) => featuresOf(claims, country)));
  const from: Model = { ...DEFAULT_MODEL, blanks };
  // Units have no secret in them but digests: any pepper will do.
  const identity = { pepper: "training", country };
  const context = createMatchingContext({ model: from, policy: DEFAULT_MATCHING_POLICY, identity });
  const units = new Map(
    records.map((record) => {
      const unit = unitOf(record, [], context);
      return [unit.id, unit];
    }),
  );
  const batch = [...units.values()].map(({ id, features, keyList }) => ({
    id,
    features,
    keys: keyList,
  }));
  const { model } = await runBatch(batch, { from, version: "trained" }, threads);
  const digest = sha256Hex(canonicalJson({ ...model, version: "" }));
  return { ...model, version: `trained-${digest.slice(0, 12)}` };
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      database: { type: "string" },
      out: { type: "string" },
      country: { type: "string", default: "GB" },
    },
  });
  const { database, out, country } = values;
  if (database === undefined || out === undefined) {
    throw new TrainingRefused(
      "Usage: npm run -s train -w central -- --database URL --out FILE [--country GB]",
    );
  }
  // To open a file that is not there would be to begin an empty database.
  if (database.startsWith("file:") && !existsSync(database.slice("file:".length))) {
    throw new TrainingRefused(`There is no database at ${database}.`);
  }
  const token = process.env["REGULARS_DATABASE_TOKEN"];
  const storage = await openDatabase({
    url: database,
    ...(token === undefined ? {} : { token }),
  });
  try {
    const records = await readRecords(storage);
    if (records.length < RECORDS_MIN) {
      throw new TrainingRefused(
        `${records.length} source records are too few to train on; the shipped model serves until there are ${RECORDS_MIN}.`,
      );
    }
    const model = await trainOnRecords(records, country, threadsFor(records.length));
    const unfinished = `${out}.unfinished`;
    await writeFile(unfinished, `${JSON.stringify(model, null, 1)}\n`);
    await rename(unfinished, out);
    const { version, prior } = model;
    process.stdout.write(
      `${JSON.stringify({ model: out, version, records: model.records, prior })}\n`,
    );
  } finally {
    storage.close();
  }
}

if (import.meta.main) {
  await main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : "The training failed."}\n`);
    process.exitCode = 1;
  });
}
