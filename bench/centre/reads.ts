/** The same answers from the centre and from a process that reads rows and does nothing else, in turns. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { medianOf, percentilesOf } from "../percentiles.ts";
import { type Reader, startBare } from "./process.ts";

export const KINDS = ["golden", "timeline"] as const;
export type Kind = (typeof KINDS)[number];

export const pathOf = (kind: Kind, id: string): string =>
  kind === "golden" ? `/v1/customers/${id}` : `/v1/customers/${id}/timeline`;

export interface Taken {
  /** Milliseconds. */
  readonly centre: number[];
  readonly bare: number[];
  /** Of each round, the 99th percentile of the centre's over that of the other's. */
  readonly ratios: number[];
  /** Of an answer, on average. */
  readonly bytes: number;
}

export interface Rounds {
  readonly rounds: number;
  readonly perRound: number;
}

/** `ids` are asked for one after the other, and over again. */
export async function compareReads(
  centre: Reader,
  ids: readonly string[],
  { rounds, perRound }: Rounds,
): Promise<Readonly<Record<Kind, Taken>>> {
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  let bare: Reader | null = null;
  try {
    const file = join(folder, "bare.db");
    const bytes = await fillBare(file, centre, ids);
    bare = await startBare(pathToFileURL(file).href);
    const taken = {
      golden: { centre: [], bare: [], ratios: [], bytes: bytes.golden },
      timeline: { centre: [], bare: [], ratios: [], bytes: bytes.timeline },
    } satisfies Record<Kind, Taken>;
    for (const kind of KINDS) await burst(bare, (id) => `/${kind}/${id}`, ids.slice(0, perRound));
    for (let round = 0; round < rounds; round += 1) {
      const some = takeFrom(ids, round * perRound, perRound);
      for (const kind of KINDS) await takeRound({ centre, bare }, kind, some, taken[kind], round);
    }
    return taken;
  } finally {
    await bare?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function takeRound(
  { centre, bare }: { centre: Reader; bare: Reader },
  kind: Kind,
  ids: readonly string[],
  taken: Taken,
  round: number,
): Promise<void> {
  const readers = [
    () => burst(centre, (id) => pathOf(kind, id), ids),
    () => burst(bare, (id) => `/${kind}/${id}`, ids),
  ];
  const [first = [], second = []] = [
    await readers[round % 2]?.(),
    await readers[(round + 1) % 2]?.(),
  ];
  const [own, other] = round % 2 === 0 ? [first, second] : [second, first];
  taken.centre.push(...own);
  taken.bare.push(...other);
  taken.ratios.push(percentilesOf(own).p99 / percentilesOf(other).p99);
}

export async function burst(
  reader: Reader,
  path: (id: string) => string,
  ids: readonly string[],
): Promise<number[]> {
  const latencies: number[] = [];
  for (const id of ids) latencies.push((await reader.get(path(id))).tookMs);
  return latencies;
}

const takeFrom = (ids: readonly string[], from: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => ids[(from + at) % ids.length] ?? "");

/** Rows of the size of the centre's answers: they are the centre's answers. */
async function fillBare(
  file: string,
  centre: Reader,
  ids: readonly string[],
): Promise<Record<Kind, number>> {
  const database = new DatabaseSync(file);
  const sizes: Record<Kind, number[]> = { golden: [], timeline: [] };
  try {
    database.exec("pragma journal_mode = wal");
    for (const kind of KINDS) {
      database.exec(`create table ${kind} (id text primary key, json text not null)`);
      const insert = database.prepare(`insert or replace into ${kind} values (?, ?)`);
      for (const id of ids) {
        const { body } = await centre.get(pathOf(kind, id));
        insert.run(id, body);
        sizes[kind].push(body.length);
      }
    }
  } finally {
    database.close();
  }
  return {
    golden: Math.round(medianOf(sizes.golden)),
    timeline: Math.round(medianOf(sizes.timeline)),
  };
}
