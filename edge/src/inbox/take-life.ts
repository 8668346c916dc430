/** A till that pulls tells of its life as well: a copy is noticed before it has sold anything (SYN3). */
import type { fencedSchema } from "@regulars/shared/protocol/life";
import type { Pull } from "@regulars/shared/protocol/pull";
import { rowsOf } from "@regulars/shared/storage/port";
import type { z } from "zod";
import { decideLife } from "./life.ts";
import { fencedStatement, lifeOfRow, marksOfRow } from "./marks.ts";
import type { TakePushDeps } from "./take-push.ts";

/** Null for a till that may go on. Not to be run at the same time as a push. */
export async function takeLife(
  { storage, directory }: TakePushDeps,
  { source, epoch, store, life, head }: Pull,
): Promise<z.infer<typeof fencedSchema> | null> {
  if (!life || head === undefined) return null;
  const [row] = await rowsOf(
    storage,
    `select accepted, merged, golden, life_start, life_nonce from mark
     where source = ? and epoch = ?`,
    [source, epoch],
  );
  // Nothing of the epoch is here, so there is nothing to keep apart; its first push asks for it.
  if (!row) return null;
  const { accepted } = marksOfRow(row);
  switch (decideLife({ life: lifeOfRow(row), accepted }, life, head)) {
    case "same":
      return null;
    case "new":
      await storage.write([
        {
          sql: `update mark set life_start = ?, life_nonce = ? where source = ? and epoch = ?`,
          args: [life.start, life.nonce, source, epoch],
        },
      ]);
      return null;
    case "fenced":
      await storage.write([fencedStatement({ source, epoch })]);
      return { nextEpoch: (await directory.claimEpoch({ source, epoch, store })).nextEpoch };
  }
}
