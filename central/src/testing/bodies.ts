/** Bodies of journal rows for tests: read, and stored as an older build has stored them. */
import { type Row, rowsOf, type Storage, textOf, numberOf } from "@regulars/shared/storage/port";
import { bodyColumns, bodyOf } from "../db/event-body.ts";

/** All as text, so that columns may be changed by hand without the bodies being lost. */
export async function storeBodiesAsText(storage: Storage): Promise<void> {
  const rows = await rowsOf(storage, `select ${bodyColumns()} from event`);
  await storage.write(rows.map((row) => bodyAsText(row)));
}

export const bodyAsText = (row: Row) => ({
  sql: "update event set body = ? where source = ? and epoch = ? and seq = ?",
  args: [bodyOf(row), textOf(row, "source"), numberOf(row, "epoch"), numberOf(row, "seq")],
});
