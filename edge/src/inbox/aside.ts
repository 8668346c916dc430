/** Rows that are set aside, as their till is told of them. Almost no store has any, and so almost no push has to ask. */
import { LIMITS } from "@regulars/shared/limits";
import { type Push, type PushAnswer, quarantineCodeSchema } from "@regulars/shared/protocol/push";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

export interface Aside {
  /** Those of the writer that still are: a till drops from its list what is missing from this one (SYN6). */
  of(writer: Pick<Push, "source" | "epoch">): Promise<PushAnswer["quarantined"]>;
  /** From now on there are some: to be said before they are written. */
  add(): void;
}

export function createAside(storage: Storage): Aside {
  let hasAny: boolean | null = null;
  return {
    async of({ source, epoch }) {
      hasAny ??= (await rowsOf(storage, ANY)).length > 0;
      if (!hasAny) return [];
      const rows = await rowsOf(storage, OF_WRITER, [source, epoch, LIMITS.asideRows]);
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
  where source = ? and epoch = ? and code is not null order by seq limit ?`;
