/** Tills: who may become one, which key each has, and who no longer is one. */
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { LIMITS } from "@regulars/shared/limits";
import type { EnrolledTill, EnrolmentInput, TillView } from "./port.ts";

export interface TillsDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
}

export interface Enrolling extends EnrolmentInput {
  /** SHA-256 of the code, hexadecimal. */
  readonly codeDigest: string;
  readonly publicKey: string;
}

/** Stores in which somebody may still listen under a key that this has ended; null: the code is refused. */
export type EnrolAnswer = readonly string[] | null;

const TILL_COLUMNS = "source, store, public_key, enrolled_ms, revoked_ms, seen_ms";

export function createTills({ storage, nowMs }: TillsDeps) {
  async function rowOf(source: string): Promise<Row | null> {
    const sql = `select ${TILL_COLUMNS} from till where source = ?`;
    const [row] = await rowsOf(storage, sql, [source]);
    return row ?? null;
  }

  async function storesOf(source: string): Promise<string[]> {
    const sql = "select store from till_store where source = ? order by store";
    return (await rowsOf(storage, sql, [source])).map((row) => textOf(row, "store"));
  }

  return {
    /** The newest code of a source is the only one. */
    async addEnrolment({ source, store }: EnrolmentInput, codeDigest: string): Promise<number> {
      const expiresMs = nowMs() + LIMITS.enrolmentCodeMs;
      await storage.write([
        {
          sql: "delete from enrolment where source = ? or expires_ms <= ?",
          args: [source, nowMs()],
        },
        {
          sql: "insert into enrolment (digest, source, store, expires_ms) values (?, ?, ?, ?)",
          args: [codeDigest, source, store, expiresMs],
        },
      ]);
      return expiresMs;
    },

    /** A code is used by one key: the same key may come again, for its answer may have been lost. */
    async enrol({ codeDigest, source, store, publicKey }: Enrolling): Promise<EnrolAnswer> {
      const [code] = await rowsOf(
        storage,
        "select source, store, expires_ms, used_by from enrolment where digest = ?",
        [codeDigest],
      );
      if (!code || numberOf(code, "expires_ms") <= nowMs()) return null;
      if (textOf(code, "source") !== source || textOf(code, "store") !== store) return null;
      if (code["used_by"] !== null && code["used_by"] !== publicKey) return null;
      const before = await rowOf(source);
      const isOther = before !== null && before["public_key"] !== publicKey;
      await storage.write([
        { sql: "update enrolment set used_by = ? where digest = ?", args: [publicKey, codeDigest] },
        {
          sql: `insert into till (source, store, public_key, enrolled_ms) values (?, ?, ?, ?)
                on conflict (source) do update set store = excluded.store,
                  public_key = excluded.public_key, enrolled_ms = excluded.enrolled_ms,
                  revoked_ms = null`,
          args: [source, store, publicKey, nowMs()],
        },
        {
          sql: "insert into till_store (source, store) values (?, ?) on conflict do nothing",
          args: [source, store],
        },
      ]);
      return isOther ? storesOf(source) : [];
    },

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
