/** API keys: the digest of each, and what it is for. */
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Scope } from "@regulars/shared/access/scopes";
import { parseOwn } from "../own-json.ts";
import { accountOfRow } from "./accounts.ts";
import type { ApiKeyView, KnownKey } from "./port.ts";

export interface ApiKeysDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
}

/** What is kept of a new API key. */
export interface NewKey {
  readonly id: string;
  /** SHA-256 of the secret part, hexadecimal. */
  readonly digest: string;
  readonly scopes: readonly Scope[];
  readonly expiresMs: number | null;
}

const COLUMNS = "id, scopes, created_ms, expires_ms, used_day";

export function createApiKeys({ storage, nowMs }: ApiKeysDeps) {
  return {
    async keyViews(account: string): Promise<ApiKeyView[]> {
      const sql = `select ${COLUMNS} from api_key where account = ? order by created_ms, id`;
      return (await rowsOf(storage, sql, [account])).map(keyViewOf);
    },

    /** Null where there is no such account. */
    async addKey(id: string, key: NewKey): Promise<ApiKeyView | null> {
      const found = await rowsOf(storage, "select id from account where id = ?", [id]);
      if (found.length === 0) return null;
      await storage.write([
        {
          sql: `insert into api_key (id, account, digest, scopes, created_ms, expires_ms)
                values (?, ?, ?, ?, ?, ?)`,
          args: [key.id, id, key.digest, JSON.stringify(key.scopes), nowMs(), key.expiresMs],
        },
      ]);
      const [row] = await rowsOf(storage, `select ${COLUMNS} from api_key where id = ?`, [key.id]);
      return row ? keyViewOf(row) : null;
    },

    /** False where the account has no such key. */
    async removeKey(id: string, keyId: string): Promise<boolean> {
      const args = [keyId, id];
      const found = await rowsOf(
        storage,
        "select id from api_key where id = ? and account = ?",
        args,
      );
      await storage.write([{ sql: "delete from api_key where id = ? and account = ?", args }]);
      return found.length > 0;
    },

    /** The day of its use is written once a day, not with every call. */
    async keyOf(keyId: string, digest: string): Promise<KnownKey | null> {
      const [row] = await rowsOf(
        storage,
        `select k.id, k.digest, k.scopes, k.expires_ms, k.used_day, a.json
         from api_key k join account a on a.id = k.account where k.id = ?`,
        [keyId],
      );
      if (!row || !isSameDigest(textOf(row, "digest"), digest)) return null;
      const expiresMs = row["expires_ms"] === null ? null : numberOf(row, "expires_ms");
      if (expiresMs !== null && expiresMs <= nowMs()) return null;
      const day = new Date(nowMs()).toISOString().slice(0, 10);
      if (row["used_day"] !== day) {
        await storage.write([
          { sql: "update api_key set used_day = ? where id = ?", args: [day, keyId] },
        ]);
      }
      return {
        keyId,
        account: accountOfRow(row),
        scopes: parseOwn<Scope[]>(textOf(row, "scopes")),
        expiresMs,
      };
    },
  };
}

const keyViewOf = (row: Row): ApiKeyView => ({
  id: textOf(row, "id"),
  scopes: parseOwn<Scope[]>(textOf(row, "scopes")),
  createdAt: new Date(numberOf(row, "created_ms")).toISOString(),
  expiresAt:
    row["expires_ms"] === null ? null : new Date(numberOf(row, "expires_ms")).toISOString(),
  usedDay: row["used_day"] === null ? null : textOf(row, "used_day"),
});

/** Of two SHA-256 in hexadecimal, in constant time. */
function isSameDigest(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
}
