/** 2. The chain: each row's hash over its bytes and the row before, up to the head; and rows whose number was taken. */
import { chainStart } from "@regulars/shared/events/chain";
import type { Found } from "../found.ts";
import { type DayRow, keyOf, placeOf, type StoreDay } from "./store-day.ts";

export function checkChain(day: StoreDay): Found[] {
  const before = beforeStretches(day);
  let previous: DayRow | null = null;
  return day.rows.flatMap((row): Found[] => {
    const known = previous && follows(previous, row) ? previous.hash : before.get(keyOf(row));
    previous = row;
    if (!row.isWhole) return [chainBreak(row, "content")];
    if (known !== undefined && row.prev !== known) return [chainBreak(row, "predecessor")];
    const writer = day.writers.get(`${row.source}/${row.epoch}`);
    const isHead = writer?.journaled === row.seq;
    return isHead && writer.headHash !== row.hash ? [chainBreak(row, "head")] : [];
  });
}

const follows = (a: DayRow, b: DayRow): boolean =>
  a.source === b.source && a.epoch === b.epoch && a.seq + 1 === b.seq;

/** By key of the first row of a stretch: the hash that it has to follow, where that is known. */
function beforeStretches({ stretches }: StoreDay): Map<string, string> {
  return new Map(
    stretches.flatMap(({ source, epoch, first, before }): [string, string][] => {
      const key = keyOf({ source, epoch, seq: first });
      if (first === 1) return [[key, chainStart(source, epoch)]];
      return before?.seq === first - 1 ? [[key, before.hash]] : [];
    }),
  );
}

/** `what`: its bytes are not those that were hashed, or it follows another row, or the journal's head was another. */
const chainBreak = (row: DayRow, what: "content" | "predecessor" | "head"): Found => ({
  kind: "chain_break",
  about: keyOf(row),
  ...placeOf(row),
  currency: null,
  amountMinor: null,
  evidence: { what },
});

export const checkForks = ({ refusals }: StoreDay): Found[] =>
  refusals.map((refusal) => ({
    kind: refusal.code === "fork" ? "fork" : "chain_break",
    about: `${keyOf(refusal)}/${refusal.hash}`,
    ...placeOf(refusal),
    currency: refusal.currency,
    amountMinor: refusal.totalMinor,
    evidence: { what: "refused", hash: refusal.hash },
  }));
