/** How somebody becomes a till: a code, used once, by one key. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, textOf } from "@regulars/shared/storage/port";
import type { EnrolmentInput } from "./port.ts";
import { createRows, type TillsDeps } from "./tills.ts";

export interface Enrolling extends EnrolmentInput {
  /** SHA-256 of the code, hexadecimal. */
  readonly codeDigest: string;
  readonly publicKey: string;
}

/** Stores in which somebody may still listen under a key that this has ended; null: the code is refused. */
export type EnrolAnswer = readonly string[] | null;

export function createEnrolments({ storage, nowMs }: TillsDeps) {
  const { rowOf, storesOf } = createRows(storage);
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
  };
}
