/** Rows that are set aside, as their till is told of them. Almost no store has any, and so almost no push has to ask. */
import { LIMITS } from "@regulars/shared/limits";
import { type PushAnswer, quarantineCodeSchema } from "@regulars/shared/protocol/push";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { isOfWriterSql } from "./item-id.ts";
import type { Mark } from "./marks.ts";

export interface Aside {
  /** Those of the writer that still are: a till drops from its list what is missing from this one (SYN6). */
  of(mark: Pick<Mark, "n"> | null): Promise<PushAnswer["quarantined"]>;
  /** From now on there are some: to be said before they are written. */
  add(): void;
}

export function createAside(storage: Storage): Aside {
  let hasAny: boolean | null = null;
  return {
    async of(mark) {
      hasAny ??= (await rowsOf(storage, ANY)).length > 0;
      if (!hasAny || !mark) return [];
      const rows = await rowsOf(storage, OF_WRITER, [mark.n, LIMITS.asideRows]);
      return rows.flatMap((row) => {
        // A code of another build is for whoever lists it here; a till would not understand the answer.
        const code = quarantineCodeSchema.safeParse(textOf(row, "code"));
        return code.success ? [{ seq: numberOf(row, "seq"), code: code.data }] : [];
      });
    },
    add() {
      hasAny = true;
    },
  };
}

const ANY = "select 1 from item indexed by item_aside where code is not null limit 1";
const OF_WRITER = `select seq, code from item indexed by item_aside
  where ${isOfWriterSql("?1")} and code is not null order by id limit ?2`;
