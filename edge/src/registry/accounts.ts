/** Accounts, and their secrets as they are kept. */
import { type Account, accountSchema } from "@regulars/shared/connect/account";
import { type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import type {
  AccountInput,
  AccountSecrets,
  AccountView,
  AccountWithSecrets,
  ApiKeyView,
} from "./port.ts";
import type { Vault } from "./vault.ts";

export interface AccountsDeps {
  readonly storage: Storage;
  readonly vault: () => Promise<Vault>;
  readonly nowMs: () => number;
  readonly keys: { keyViews(account: string): Promise<ApiKeyView[]> };
}

export function createAccounts({ storage, vault, nowMs, keys }: AccountsDeps) {
  const secretsOf = (row: Row, id: string) => openSecrets(vault, row, id);

  async function accountRow(id: string): Promise<Row | null> {
    const [row] = await rowsOf(storage, "select json, secrets from account where id = ?", [id]);
    return row ?? null;
  }

  async function viewOf(row: Row): Promise<AccountView> {
    const account = accountOfRow(row);
    const { webhookSecret, apiToken } = await secretsOf(row, account.id);
    return {
      ...account,
      secrets: { webhookSecret: webhookSecret !== undefined, apiToken: apiToken !== undefined },
      keys: await keys.keyViews(account.id),
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

    sealAnew: () => sealAnew(storage, vault),

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
  };
}

async function openSecrets(
  vault: AccountsDeps["vault"],
  row: Row,
  id: string,
): Promise<AccountSecrets> {
  const sealed = row["secrets"];
  if (!(sealed instanceof Uint8Array)) return {};
  return parseOwn<AccountSecrets>(await (await vault()).open(sealed, id));
}

/** What was sealed under the secret before is sealed under that of now. Done again, it is as good. */
async function sealAnew(storage: Storage, vault: AccountsDeps["vault"]): Promise<void> {
  const rows = await rowsOf(storage, "select id, secrets from account where secrets is not null");
  const statements = rows.map(async (row) => {
    const id = textOf(row, "id");
    const text = JSON.stringify(await openSecrets(vault, row, id));
    return {
      sql: "update account set secrets = ? where id = ?",
      args: [await (await vault()).seal(text, id), id],
    };
  });
  if (rows.length > 0) await storage.write(await Promise.all(statements));
}

export const accountOfRow = (row: Row): Account => parseOwn<Account>(textOf(row, "json"));
