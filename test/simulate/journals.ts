/** A till's journal as a whole: what its archive files hold, and what its database holds after that. */
import type { ArchiveFolder } from "../../store-agent/src/archive/archive-folder.ts";
import { createArchive, loadRecords } from "../../store-agent/src/archive/archive.ts";
import { numberOf, type Row, type Storage } from "@regulars/shared/storage/port";
import { rowsIn } from "./quiet.ts";
import type { Violation } from "./run.ts";
import type { Order, SimulatedTill } from "./till.ts";
import type { World } from "./world.ts";

/** In order, with the columns that an event at the centre has. */
export async function journalOf({ source, disk }: SimulatedTill): Promise<Row[]> {
  const storage: Storage = {
    read: async (queries) => disk.database.read(queries),
    write: () => Promise.reject(new Error("nobody writes here")),
  };
  const fileOf = async (name: string): Promise<Uint8Array> => {
    const bytes = disk.files.get(name);
    if (!bytes) throw new Error("there is no such file");
    return bytes;
  };
  const folder: ArchiveFolder = {
    write: () => Promise.reject(new Error("nobody writes here")),
    read: async (name, at, length) => (await fileOf(name)).subarray(at, at + length),
    readAll: fileOf,
    names: async () => [...disk.files.keys()],
  };
  const archive = createArchive(storage, folder);
  const archivedTo = new Map<number, number>();
  const rows: Row[] = [];
  for (const { epoch, firstSeq, lastSeq } of await loadRecords(storage)) {
    archivedTo.set(epoch, lastSeq);
    for (const { seq, prev, hash, body } of await archive.rows(epoch, firstSeq, lastSeq)) {
      rows.push({ source, epoch, seq, prev, hash, body });
    }
  }
  for (const row of rowsIn(disk.database, "select * from journal order by epoch, seq")) {
    const isLeft = numberOf(row, "seq") <= (archivedTo.get(numberOf(row, "epoch")) ?? 0);
    if (!isLeft) rows.push({ ...row, source });
  }
  return rows.toSorted(
    (a, b) =>
      numberOf(a, "epoch") - numberOf(b, "epoch") || numberOf(a, "seq") - numberOf(b, "seq"),
  );
}

const REPEAT_WITHIN_MS = 5_000;

/** A POS that has forgotten what it was answered asks again, long afterwards: nothing is captured by it. */
export async function repeatViolations({ tills, timeline }: World): Promise<Violation[]> {
  const wrong = new Map<string, string>();
  async function repeat(till: SimulatedTill, { tag, input, receipt }: Order): Promise<void> {
    const what = `${till.name}: ${tag}, receipt ${receipt}`;
    wrong.set(what, "no answer");
    try {
      const answer = await till.machine()?.capture({ ...input, idempotencyKey: tag });
      const isFirst = answer?.ok && answer.value.repeated && answer.value.receipt === receipt;
      if (isFirst) wrong.delete(what);
      else wrong.set(what, JSON.stringify(answer));
    } catch (error) {
      wrong.set(what, String(error));
    }
  }
  for (const till of tills) {
    for (const order of till.orders) {
      if (order.state === "acknowledged" && !order.mayBeLost) void repeat(till, order);
    }
  }
  await timeline.runUntil(timeline.nowMs() + REPEAT_WITHIN_MS);
  return [...wrong].map(([what, answer]) => ({
    invariant: "a capture that is repeated has its first answer",
    detail: `${what}: ${answer}`,
  }));
}
