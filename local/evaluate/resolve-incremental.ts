/**
 * One record after the other, through the intake of the centre into a libSQL file: what happens in production, where the
 * model was trained before and everything is resolved on arrival.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rowsOf, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { openDatabase } from "../../central/src/db/open.ts";
import { takeFragments } from "../../central/src/intake/take-fragments.ts";
import type { Model } from "../../central/src/matching/model.ts";
import { prepareResolution } from "../../central/src/resolve/anew.ts";
import type { EvaluatedRecord } from "./read-records.ts";
import { contextOf } from "./resolve-batch.ts";
import { sourceRecordOf } from "./source-record.ts";

/** As many as the edge delivers at once when it is busy. */
const DELIVERED = 20;
/** Of no calendar: two runs write the same. */
const NOW_MS = Date.UTC(2026, 0, 1);

export interface Incremental {
  readonly clusters: readonly (readonly string[])[];
  readonly recordsPerSecond: number;
  /** Of a delivery, by the number of its records. */
  readonly p99Ms: number;
}

export async function resolveIncrementally(
  records: readonly EvaluatedRecord[],
  model: Model,
): Promise<Incremental> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-evaluate-"));
  try {
    const storage = await openDatabase({ url: `file:${join(folder, "central.db")}` });
    try {
      const matching = contextOf(records, model);
      await prepareResolution(storage, matching);
      const rules = { policy: DEFAULT_POLICY, matching };
      const idOf = new Map<string, string>();
      const times: number[] = [];
      const started = performance.now();
      for (let at = 0; at < records.length; at += DELIVERED) {
        const delivered = records.slice(at, at + DELIVERED).map((record) => {
          const arrived = sourceRecordOf(record);
          idOf.set(arrived.id, record.id);
          return arrived;
        });
        const from = performance.now();
        await takeFragments(storage, { records: delivered, refused: [] }, rules, NOW_MS);
        times.push((performance.now() - from) / delivered.length);
      }
      const seconds = (performance.now() - started) / 1000;
      const rows = await rowsOf(storage, "select id, customer from source_record");
      const groups = Map.groupBy(rows, (row) => textOf(row, "customer"));
      times.sort((a, b) => a - b);
      return {
        clusters: [...groups.values()].map((group) =>
          group.map((row) => idOf.get(textOf(row, "id")) ?? ""),
        ),
        recordsPerSecond: Math.round(records.length / seconds),
        p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
      };
    } finally {
      storage.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
