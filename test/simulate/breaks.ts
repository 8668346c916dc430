/** What may differ between edge and centre when all is quiet, how it is broken, and what has to be told of it (GLD2). */
import { type Row, type Statement, textOf } from "@regulars/shared/storage/port";
import { contributionIn } from "../../central/src/db/packed-columns.ts";
import type { Database } from "./database.ts";
import { rowsIn } from "./quiet.ts";

export interface Broken {
  readonly name: string;
  readonly where: "edge" | "centre";
  /** Whom the statements break, on each disk there. */
  readonly whom: string;
  readonly statements: readonly Statement[] | ((database: Database) => readonly Statement[]);
  /** Whole lists, joined by commas. */
  readonly what: RegExp;
  readonly done: RegExp;
  /** What is delivered to mend one customer may bring another one's records back, before that one was seen to differ twice. */
  readonly comesAlong?: boolean;
  /** Which stores had looked the customers up is lost with them, and cannot come back. */
  readonly forgetsStores?: boolean;
}

/** Of an id that redirects, what is stored counts no more. */
const LIVING = "customer not in (select customer from moved where key = '' and done in (1, 2))";
const SERVED = `select customer from profile where ${LIVING}`;
const CONTRIBUTING = `select distinct customer from fragment where ${LIVING}`;
const KNOWN = "select distinct customer from source_record";

const ANEW_AT_EDGE = /^told_again,rebuilt_at_edge$/;

const altered = (row: Row): Statement => ({
  sql: "update source_record set contribution = ? where id = ?",
  args: [JSON.stringify({ ...contributionIn(row), seq: 99 }), textOf(row, "id")],
});

export const BREAKS: readonly Broken[] = [
  {
    name: "a stored profile is altered",
    where: "edge",
    whom: SERVED,
    statements: [{ sql: "update profile set json = json_set(json, '$.asOf', null)" }],
    what: /^profile$/,
    done: ANEW_AT_EDGE,
  },
  {
    name: "a stored profile is damaged",
    where: "edge",
    whom: SERVED,
    statements: [{ sql: "update profile set json = substr(json, 1, length(json) - 5)" }],
    what: /^unreadable$/,
    done: ANEW_AT_EDGE,
  },
  {
    name: "what apps are shown is altered",
    where: "edge",
    whom: SERVED,
    statements: [{ sql: "update profile set view = view || ' '" }],
    what: /^shown$/,
    done: ANEW_AT_EDGE,
  },
  {
    name: "what a fragment says is altered",
    where: "edge",
    whom: CONTRIBUTING,
    statements: [{ sql: "update fragment set contribution = json_set(contribution, '$.seq', 99)" }],
    what: /^fragments$/,
    done: /^taken_anew,told_again,rebuilt_at_edge$/,
  },
  {
    name: "a decision was lost",
    where: "edge",
    whom: `${SERVED} and golden > 0`,
    statements: [{ sql: "update profile set golden = 0, json = json_set(json, '$.golden', 0)" }],
    what: /^version$/,
    done: ANEW_AT_EDGE,
  },
  {
    name: "a shard has lost its disk",
    where: "edge",
    whom: SERVED,
    statements: ["profile", "fragment", "moved", "notice", "undelivered", "arrival"].map(
      (table) => ({ sql: `delete from ${table}` }),
    ),
    // What counts for a stamp from the future is decided at the merge, and so it is here anew: the centre takes it from there.
    what: /^not_at_edge(,fragments)?$/,
    done: /^told_again,rebuilt_at_edge,given_back(,taken_anew)?$/,
    forgetsStores: true,
  },
  {
    name: "a golden record is altered",
    where: "centre",
    whom: "select id as customer from customer where golden is not null",
    statements: [
      {
        sql: `update customer set golden = '{"fields":{},"keys":[],"consents":{}}' where golden is not null`,
      },
    ],
    what: /^golden_record$/,
    done: /^golden_anew$/,
  },
  {
    name: "a source record is dropped",
    where: "centre",
    whom: KNOWN,
    statements: [{ sql: "delete from source_record" }],
    what: /^not_at_centre$/,
    done: ANEW_AT_EDGE,
    comesAlong: true,
  },
  {
    name: "what a source record says is altered",
    where: "centre",
    whom: KNOWN,
    statements: (database) =>
      rowsIn(database, "select id, contribution from source_record").map((row) => altered(row)),
    what: /^fragments$/,
    done: /^taken_anew,told_again,rebuilt_at_edge$/,
  },
];
