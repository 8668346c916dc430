/** Databases of the simulated disks: SQLite in memory, used again and again, because making one costs more than a run. */
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { migrate } from "@regulars/shared/storage/migrate";
import type { Row, SqlValue, Statement, Storage } from "@regulars/shared/storage/port";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { createDirectory } from "../../edge/src/directory/directory.ts";
import { INBOX_MIGRATIONS } from "../../edge/src/inbox/tables.ts";
import { PROFILE_MIGRATIONS } from "../../edge/src/profile/tables.ts";
import { MIGRATIONS as TILL_MIGRATIONS } from "../../store-agent/src/db/migrations.ts";

/** All rows of all tables, as a backup has them. */
export type Image = ReadonlyMap<string, readonly Row[]>;

export interface Database {
  read(queries: readonly Statement[]): Row[][];
  /** All or nothing. `relaxed`: a power cut may take it back, and all relaxed writes after it. */
  write(statements: readonly Statement[], relaxed?: boolean): void;
  /** How many relaxed writes no full one has followed yet. */
  unsynced(): number;
  /** Takes all back but the first `kept` of them. */
  lose(kept: number): void;
  image(): Image;
  restore(image: Image): void;
  /** How SQLite goes about a statement, a line for each table. */
  planOf(sql: string): string[];
  /** Statements that machines have run, not those of whoever looks at them. */
  readonly ran: Set<string>;
}

/** The limit of a Durable Object, so that a run meets it. */
const ARGS_MAX = 100;

export function createDatabase(): Database {
  const sqlite = new DatabaseSync(":memory:");
  const prepared = new Map<string, StatementSync>();
  /** Relaxed writes are nested savepoints: giving back a suffix of them is one rollback. */
  let depth = 0;

  function prepare(sql: string): StatementSync {
    let statement = prepared.get(sql);
    if (!statement) prepared.set(sql, (statement = sqlite.prepare(sql)));
    return statement;
  }
  const run = (sql: string): void => void prepare(sql).run();
  function apply(statements: readonly Statement[]): void {
    for (const { sql, args = [] } of statements) {
      if (args.length > ARGS_MAX) throw new RangeError(`more than ${ARGS_MAX} arguments`);
      prepare(sql).run(...args);
    }
  }
  function sync(): void {
    if (depth > 0) run("release r1");
    depth = 0;
  }
  function tables(): string[] {
    const rows = prepare(
      `select name from sqlite_master where type = 'table' and name <> 'migration'
       and (name not like 'sqlite_%' or name = 'sqlite_sequence')`,
    ).all();
    return rows.map(({ name }) => String(name));
  }
  /** Without those that are computed. */
  function storedColumns(table: string): string {
    const rows = prepare("select name from pragma_table_xinfo(?) where hidden = 0").all(table);
    return rows.map(({ name }) => `"${String(name)}"`).join(", ");
  }
  function restore(image: Image): void {
    sync();
    run("begin");
    for (const table of tables()) run(`delete from "${table}"`);
    for (const [table, rows] of image) {
      for (const row of rows) {
        const marks = Object.keys(row).map(() => "?");
        const names = Object.keys(row).map((name) => `"${name}"`);
        prepare(`insert into "${table}" (${names.join(", ")}) values (${marks.join(", ")})`).run(
          ...Object.values(row),
        );
      }
    }
    run("commit");
  }
  return {
    read: (queries) =>
      queries.map(({ sql, args = [] }) =>
        prepare(sql)
          .all(...args)
          .map((row) => rowOf(row)),
      ),
    write(statements, relaxed = false) {
      if (!relaxed) sync();
      const level = `r${depth + 1}`;
      run(`savepoint ${level}`);
      try {
        apply(statements);
      } catch (error) {
        run(`rollback to ${level}`);
        run(`release ${level}`);
        throw error;
      }
      if (relaxed) depth += 1;
      else run(`release ${level}`);
    },
    unsynced: () => depth,
    lose(kept) {
      if (kept < depth) {
        run(`rollback to r${kept + 1}`);
        run(`release r${kept + 1}`);
      }
      depth = Math.min(depth, kept);
      sync();
    },
    image: () =>
      new Map(
        tables().map((table) => [
          table,
          prepare(`select ${storedColumns(table)} from "${table}"`)
            .all()
            .map((row) => rowOf(row)),
        ]),
      ),
    restore,
    planOf: (sql) =>
      sqlite
        .prepare(`explain query plan ${sql}`)
        .all()
        .map(({ detail }) => String(detail)),
    ran: new Set(),
  };
}

export type DatabaseKind = "till" | "inbox" | "directory" | "profile" | "centre";

export interface DatabasePool {
  take(kind: DatabaseKind): Database;
  giveBack(kind: DatabaseKind, database: Database): void;
  /** Those that were given back. */
  free(kind: DatabaseKind): readonly Database[];
}

/** Databases with their tables made and nothing in them, so that the first run is like every other. */
export async function createDatabasePool(): Promise<DatabasePool> {
  const statements = new Map<DatabaseKind, Statement[]>();
  for (const [kind, make] of Object.entries(TABLES) as [DatabaseKind, typeof TABLES.till][]) {
    const template = createDatabase();
    await make({
      read: async (queries) => template.read(queries),
      write: async (each) => template.write(each),
    });
    statements.set(kind, schemaOf(template));
  }
  const free = new Map<DatabaseKind, Database[]>();
  return {
    take(kind) {
      const known = free.get(kind)?.pop();
      if (known) return known;
      const database = createDatabase();
      database.write(statements.get(kind) ?? []);
      return database;
    },
    giveBack(kind, database) {
      database.restore(new Map());
      free.set(kind, [...(free.get(kind) ?? []), database]);
    },
    free: (kind) => free.get(kind) ?? [],
  };
}

const CENTRE_MIGRATIONS = readMigrationFiles({
  migrationsFolder: fileURLToPath(import.meta.resolve("../../central/src/db/migrations")),
}).map(({ folderMillis, sql }) => ({ id: String(folderMillis), statements: sql }));

const TABLES = {
  till: (storage: Storage) => migrate(storage, TILL_MIGRATIONS),
  inbox: (storage: Storage) => migrate(storage, INBOX_MIGRATIONS),
  directory: (storage: Storage) => createDirectory(storage).open(),
  profile: (storage: Storage) => migrate(storage, PROFILE_MIGRATIONS),
  centre: (storage: Storage) => migrate(storage, CENTRE_MIGRATIONS),
} satisfies Record<DatabaseKind, (storage: Storage) => Promise<void>>;

function schemaOf(template: Database): Statement[] {
  const [made = [], migrations = []] = template.read([
    { sql: "select sql from sqlite_master where sql is not null and name not like 'sqlite_%'" },
    { sql: "select id from migration" },
  ]);
  return [
    ...made.map(({ sql }) => ({ sql: String(sql) })),
    ...migrations.map(({ id = null }) => ({
      sql: "insert into migration (id) values (?)",
      args: [id],
    })),
  ];
}

/** Rows of node:sqlite have no prototype, and may hold 64-bit integers, which are not asked for. */
function rowOf(row: Record<string, SQLOutputValue>): Row {
  const plain: Record<string, SqlValue> = {};
  for (const column in row) {
    const value = row[column];
    if (typeof value === "bigint" || value === undefined) throw new TypeError("not a value");
    plain[column] = value;
  }
  return plain;
}
