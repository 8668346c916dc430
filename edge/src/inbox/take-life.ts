/** A till that pulls tells of its life as well: a copy is noticed before it has sold anything (SYN3). */
import type { fencedSchema } from "@regulars/shared/protocol/life";
import type { Pull } from "@regulars/shared/protocol/pull";
import type { z } from "zod";
import { decideLife } from "./life.ts";
import type { TakePushDeps } from "./take-push.ts";

/** Null for a till that may go on. Not to be run at the same time as a push. */
export async function takeLife(
  { marks, directory }: Pick<TakePushDeps, "marks" | "directory">,
  { source, epoch, store, life, head }: Pull,
): Promise<z.infer<typeof fencedSchema> | null> {
  if (!life || head === undefined) return null;
  const mark = marks.of({ source, epoch });
  // Nothing of the epoch is here, so there is nothing to keep apart; its first push asks for it.
  if (!mark) return null;
  switch (decideLife(mark, life, head)) {
    case "same":
      return null;
    case "new":
      await marks.write(mark, { life });
      return null;
    case "fenced":
      await marks.write(mark, { fenced: mark.fenced + 1 });
      return { nextEpoch: (await directory.claimEpoch({ source, epoch, store })).nextEpoch };
  }
}
