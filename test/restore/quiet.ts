/** Whether anything is under way between edge and centre, from what each of them has still to do. */
import { DatabaseSync } from "node:sqlite";
import { request } from "../../local/system/request.ts";
import { statusAnswerSchema } from "../../edge/src/watch/answers.ts";

/** Where both can be asked; `database` is the file of the centre. */
export interface Asked {
  readonly database: string;
  readonly system: { readonly edgeUrl: string };
  readonly centralToken: string;
}

/**
 * True when no row waits for its merge, no fragment for its delivery and no decision for the edge. What has been delivered may
 * lead to a move, whose fragments are delivered again from where they are then: so the decisions are looked at before and
 * after the edge, and none may have been made in between.
 */
export async function isQuiet({ database, system, centralToken }: Asked): Promise<boolean> {
  const before = outboxOf(database);
  const headers = { authorization: `Bearer ${centralToken}` };
  const { stores, shards } = await request(`${system.edgeUrl}/v1/status`, statusAnswerSchema, {
    headers,
  });
  const after = outboxOf(database);
  return (
    stores.every(({ terminals }) => terminals.every((each) => each.merged === each.accepted)) &&
    shards.every(({ undelivered }) => undelivered === 0) &&
    after.waiting === 0 &&
    before.waiting === 0 &&
    after.last === before.last
  );
}

/** How many decisions wait, and the number of the last one that was made. */
function outboxOf(file: string): { readonly waiting: number; readonly last: number } {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [row = {}] = database
      .prepare(
        `select (select count(*) from publication) as waiting,
           (select seq from sqlite_sequence where name = 'publication') as last`,
      )
      .all();
    return { waiting: Number(row["waiting"]), last: Number(row["last"]) };
  } finally {
    database.close();
  }
}
