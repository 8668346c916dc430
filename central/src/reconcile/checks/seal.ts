/** 4. Seals: the heads that a store's day was closed with, against the rows that are here, and the terminals that closed. */
import { merkleRoot } from "@regulars/shared/shift/merkle";
import type { Head } from "@regulars/shared/events/seal";
import type { Found } from "../found.ts";
import { keyOf, placeOf, type RowOf, rowsOfKind, type StoreDay } from "./store-day.ts";

export const checkSeals = (day: StoreDay): Found[] => [...differing(day), ...leftOut(day)];

const differing = (day: StoreDay): Found[] =>
  rowsOfKind(day, "seal").flatMap((row): Found[] => {
    const { heads, root, number } = row.event.body;
    const found = heads
      .filter((head) => isOther(day, head))
      .map((head) => ({
        kind: "seal_differs" as const,
        about: `${keyOf(row)}/${head.source}/${head.epoch}`,
        source: head.source,
        epoch: head.epoch,
        seq: head.seq,
        currency: null,
        amountMinor: null,
        evidence: { what: "head", number, seal: keyOf(row), sources: [head.source] },
      }));
    if (merkleRoot(heads) === root) return found;
    const evidence = { what: "root", number, seal: keyOf(row), sources: [] };
    const about = `${keyOf(row)}/root`;
    return [
      { kind: "seal_differs", about, ...placeOf(row), currency: null, amountMinor: null, evidence },
      ...found,
    ];
  });

/** Terminals that had closed the day when it was sealed, and that no seal of the day names. */
function leftOut(day: StoreDay): Found[] {
  const seals = rowsOfKind(day, "seal");
  const [newest] = seals.toSorted((a, b) => (a.event.stamp < b.event.stamp ? 1 : -1));
  if (!newest) return [];
  const { stamp, body } = newest.event;
  const named = new Set(seals.flatMap(({ event }) => event.body.heads.map(({ source }) => source)));
  const closed = rowsOfKind(day, "close").filter(({ event }) => event.stamp < stamp);
  const sources = new Set(closed.map(({ event }) => event.source).filter((of) => !named.has(of)));
  return [...sources].map((source) => ({
    kind: "seal_differs",
    about: `${keyOf(newest)}/${source}/left_out`,
    source,
    epoch: null,
    seq: null,
    currency: null,
    amountMinor: null,
    evidence: { what: "left_out", number: body.number, seal: keyOf(newest), sources: [source] },
  }));
}

/** A row is stored under this number, and it is another one. What is not here is waited for, or a gap. */
function isOther({ heads }: StoreDay, head: Head): boolean {
  const hash = heads.get(keyOf(head));
  return hash !== undefined && hash !== head.hash;
}

/** Root of the newest seal of which nothing differs and nothing is waited for. */
export function trueRoot(day: StoreDay): string | null {
  const isTrue = ({ event }: RowOf<"seal">): boolean =>
    merkleRoot(event.body.heads) === event.body.root &&
    event.body.heads.every((head) => day.heads.get(keyOf(head)) === head.hash);
  const seals = rowsOfKind(day, "seal").filter((row) => isTrue(row));
  const newest = seals.toSorted((a, b) => (a.event.stamp < b.event.stamp ? -1 : 1)).at(-1);
  return newest?.event.body.root ?? null;
}
