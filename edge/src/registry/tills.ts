/** Tills: which key each has, and who no longer is one. */
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { EnrolledTill, TillView } from "./port.ts";

export interface TillsDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
}

const TILL_COLUMNS = "source, store, public_key, enrolled_ms, revoked_ms, seen_ms";

/** Of one till. */
export function createRows(storage: Storage) {
  async function rowOf(source: string): Promise<Row | null> {
    const sql = `select ${TILL_COLUMNS} from till where source = ?`;
    const [row] = await rowsOf(storage, sql, [source]);
    return row ?? null;
  }

  async function storesOf(source: string): Promise<string[]> {
    const sql = "select store from till_store where source = ? order by store";
    return (await rowsOf(storage, sql, [source])).map((row) => textOf(row, "store"));
  }
  return { rowOf, storesOf };
}

export function createTills({ storage, nowMs }: TillsDeps) {
  const { rowOf, storesOf } = createRows(storage);
  return {
    async tills(): Promise<TillView[]> {
      return (await rowsOf(storage, `select ${TILL_COLUMNS} from till order by source`)).map(
        viewOf,
      );
    },

    async tillOf(source: string): Promise<EnrolledTill | null> {
      const row = await rowOf(source);
      if (!row) return null;
      const store = textOf(row, "store");
      return {
        source,
        store,
        formerStores: (await storesOf(source)).filter((each) => each !== store),
        publicKey: textOf(row, "public_key"),
        revoked: row["revoked_ms"] !== null,
      };
    },

    /** It has proven that it has its key. */
    async seen(source: string): Promise<void> {
      await storage.write([
        { sql: "update till set seen_ms = ? where source = ?", args: [nowMs(), source] },
      ]);
    },

    /** With it goes every code that would let it in again. Null where nobody is known, else where it may listen. */
    async revoke(source: string): Promise<readonly string[] | null> {
      const codes = await rowsOf(storage, "select digest from enrolment where source = ?", [
        source,
      ]);
      if (codes.length === 0 && !(await rowOf(source))) return null;
      await storage.write([
        { sql: "delete from enrolment where source = ?", args: [source] },
        {
          sql: "update till set revoked_ms = coalesce(revoked_ms, ?) where source = ?",
          args: [nowMs(), source],
        },
      ]);
      return storesOf(source);
    },
  };
}

const timeOf = (row: Row, column: string): string | null =>
  row[column] === null ? null : new Date(numberOf(row, column)).toISOString();

const viewOf = (row: Row): TillView => ({
  source: textOf(row, "source"),
  store: textOf(row, "store"),
  enrolledAt: new Date(numberOf(row, "enrolled_ms")).toISOString(),
  revokedAt: timeOf(row, "revoked_ms"),
  seenAt: timeOf(row, "seen_ms"),
});
