/** Schema changes that resume: each is applied in one write with the row that remembers it. */
import type { Statement, Storage } from "./port.ts";
import { rowsOf, textOf } from "./port.ts";

export interface Migration {
  /** Never reused and never changed once released: databases in the field remember it. */
  readonly id: string;
  readonly statements: readonly string[];
}

export async function migrate(storage: Storage, migrations: readonly Migration[]): Promise<void> {
  await storage.write([
    { sql: "create table if not exists migration (id text primary key) without rowid" },
  ]);
  const rows = await rowsOf(storage, "select id from migration");
  const applied = new Set(rows.map((row) => textOf(row, "id")));
  for (const migration of migrations) {
    if (applied.has(migration.id)) continue;
    const statements: Statement[] = migration.statements.map((sql) => ({ sql }));
    statements.push({ sql: "insert into migration (id) values (?)", args: [migration.id] });
    await storage.write(statements);
  }
}
