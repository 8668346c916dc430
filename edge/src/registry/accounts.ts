/** Accounts and their API keys. */
import { type Account, accountSchema } from "@regulars/shared/connect/account";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Scope } from "../access/scopes.ts";
import { parseOwn } from "../own-json.ts";
import type {
  AccountInput,
  AccountSecrets,
  AccountView,
  AccountWithSecrets,
  ApiKeyView,
  KnownKey,
} from "./port.ts";
import type { Vault } from "./vault.ts";

export interface AccountsDeps {
  readonly storage: Storage;
  readonly vault: () => Promise<Vault>;
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

const KEY_COLUMNS = "id, account, digest, scopes, created_ms, expires_ms, used_day";

export function createAccounts({ storage, vault, nowMs }: AccountsDeps) {
  async function secretsOf(row: Row, id: string): Promise<AccountSecrets> {
    const sealed = row["secrets"];
    if (!(sealed instanceof Uint8Array)) return {};
    return parseOwn<AccountSecrets>(await (await vault()).open(sealed, id));
  }

  async function accountRow(id: string): Promise<Row | null> {
    const [row] = await rowsOf(storage, "select json, secrets from account where id = ?", [id]);
    return row ?? null;
  }

  async function viewOf(row: Row): Promise<AccountView> {
    const account = accountOfRow(row);
    const { webhookSecret, apiToken } = await secretsOf(row, account.id);
    const keys = await rowsOf(
      storage,
      `select ${KEY_COLUMNS} from api_key where account = ? order by created_ms, id`,
      [account.id],
    );
    return {
      ...account,
      secrets: { webhookSecret: webhookSecret !== undefined, apiToken: apiToken !== undefined },
      keys: keys.map(keyViewOf),
    };
  }

  return {
    async accountOf(id: string): Promise<AccountWithSecrets | null> {
      const row = await accountRow(id);
      return row && { ...accountOfRow(row), secrets: await secretsOf(row, id) };
    },

    async accounts(): Promise<Account[]> {
      return (await rowsOf(storage, "select json from account order by id")).map(accountOfRow);
    },

    async accountViews(): Promise<AccountView[]> {
      const rows = await rowsOf(storage, "select json, secrets from account order by id");
      return Promise.all(rows.map(viewOf));
    },

    async accountView(id: string): Promise<AccountView | null> {
      const row = await accountRow(id);
      return row && viewOf(row);
    },

    /** Null where the account is there under another kind or shop: its journal is in that shop (SYN3). */
    async putAccount(input: AccountInput): Promise<AccountView | null> {
      const account = accountSchema.parse(input);
      const known = await accountRow(account.id);
      if (known) {
        const { kind, shop } = accountOfRow(known);
        if (kind !== account.kind || shop !== account.shop) return null;
      }
      const before = known ? await secretsOf(known, account.id) : {};
      const secrets = Object.entries({ ...before, ...input.secrets }).filter(([, value]) => value);
      const sealed =
        secrets.length === 0
          ? null
          : await (await vault()).seal(JSON.stringify(Object.fromEntries(secrets)), account.id);
      await storage.write([
        {
          sql: `insert into account (id, json, secrets, changed_ms) values (?, ?, ?, ?)
                on conflict (id) do update set json = excluded.json, secrets = excluded.secrets,
                  changed_ms = excluded.changed_ms`,
          args: [account.id, JSON.stringify(account), sealed, nowMs()],
        },
      ]);
      const row = await accountRow(account.id);
      return row && viewOf(row);
    },

    /** Null where there is no such account. */
    async addKey(id: string, key: NewKey): Promise<ApiKeyView | null> {
      if (!(await accountRow(id))) return null;
      await storage.write([
        {
          sql: `insert into api_key (id, account, digest, scopes, created_ms, expires_ms)
                values (?, ?, ?, ?, ?, ?)`,
          args: [key.id, id, key.digest, JSON.stringify(key.scopes), nowMs(), key.expiresMs],
        },
      ]);
      const [row] = await rowsOf(storage, `select ${KEY_COLUMNS} from api_key where id = ?`, [
        key.id,
      ]);
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

const accountOfRow = (row: Row): Account => parseOwn<Account>(textOf(row, "json"));

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
