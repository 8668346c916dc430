/** Which customers a query means. */
import { KEY_KINDS } from "@regulars/shared/identity/key";
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import type { ArchiveReader } from "../archive/archive.ts";
import type { JournalDeps } from "../journal/find.ts";
import { homesOf, type OwnDeps } from "./homes.ts";
import type { Query } from "./read-query.ts";

export const matchedBySchema = z.enum([...KEY_KINDS, "receipt", "name"]);
type MatchedBy = z.infer<typeof matchedBySchema>;

export interface Hit {
  readonly customer: CustomerId;
  readonly matchedBy: MatchedBy;
  /** Keys of this till's fragments that led here. */
  readonly own: readonly IdentityKey[];
}

/** A match in the index: a customer of the working set, or a fragment of this till. */
interface Match {
  readonly own: boolean;
  readonly holder: string;
  readonly matchedBy: MatchedBy;
}

export async function findHits(
  { storage, archive, source }: JournalDeps & OwnDeps,
  query: Query,
): Promise<Hit[]> {
  const matches = [
    ...(await findMatches(storage, query)),
    ...(await findArchived(archive, query.receipt)),
  ];
  const keys = new Set(matches.filter((match) => match.own).map((match) => match.holder));
  const homes = await homesOf({ storage, source }, [...keys]);
  const hits = new Map<CustomerId, Hit>();
  for (const { own, holder, matchedBy } of matches) {
    const found = own ? (homes.get(holder) ?? []) : [{ customer: holder, own: [] }];
    for (const home of found) {
      const hit = hits.get(home.customer);
      hits.set(home.customer, {
        customer: home.customer,
        matchedBy: hit?.matchedBy ?? matchedBy,
        own: [...new Set([...(hit?.own ?? []), ...home.own])],
      });
    }
  }
  return [...hits.values()].slice(0, LIMITS.lookupResults);
}

/** Surest first: somebody's own key, then a receipt, then a name. */
async function findMatches(storage: Storage, query: Query): Promise<Match[]> {
  const statements = statementsOf(query);
  const results = await storage.read(statements.map(({ statement }) => statement));
  return results.flatMap((rows, at) =>
    rows.map((row) => ({
      own: numberOf(row, "own") === 1,
      holder: textOf(row, "holder"),
      matchedBy: statements[at]?.matchedBy ?? "name",
    })),
  );
}

/** Old receipts of this till; a name comes before them, which costs nobody anything. */
async function findArchived(archive: ArchiveReader, receipt: string | null): Promise<Match[]> {
  if (receipt === null) return [];
  const rows = await archive.find("number", receipt);
  return rows.flatMap(({ subject }) =>
    subject === null ? [] : [{ own: true, holder: subject, matchedBy: "receipt" as const }],
  );
}

function statementsOf(query: Query): { matchedBy: MatchedBy; statement: Statement }[] {
  const max = LIMITS.lookupResults;
  const statements: { matchedBy: MatchedBy; statement: Statement }[] = query.keys.map(
    ({ kind, key }) => ({
      matchedBy: kind,
      statement: {
        sql: `select own, holder from term
              where own in (0, 1) and kind = 'keys' and term = ? limit ?`,
        args: [key, max],
      },
    }),
  );
  if (query.receipt !== null) {
    const sql = `select own, holder from term where own = 0 and kind = 'receipts' and term = ?1
                 union all select 1, subject from journal
                 where (receipt = ?1 or external_id = ?1) and subject is not null limit ?2`;
    statements.push({ matchedBy: "receipt", statement: { sql, args: [query.receipt, max] } });
  }
  if (query.names.length > 0) {
    statements.push({ matchedBy: "name", statement: nameStatement(query.names, max) });
  }
  return statements;
}

/** One range of the index, read in order; further terms are looked for in the same rows. */
function nameStatement([first = "", ...others]: readonly string[], max: number): Statement {
  const further = others.map(() => " and instr(folded, ?) > 0").join("");
  return {
    sql: `select distinct own, holder from name
          where own in (0, 1) and term >= ? and term < ?${further} limit ?`,
    args: [first, `${first}\u{10FFFF}`, ...others.map((term) => ` ${term}`), max],
  };
}
