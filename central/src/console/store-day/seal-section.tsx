/** @jsxImportSource hono/jsx */
import { DataTable } from "../data-table.tsx";
import { formatMoment } from "../format.ts";
import { Badge } from "../parts.tsx";
import { headColumns, headLines } from "./day-tables.tsx";
import { rowHref } from "./links.ts";
import type { CheckedSeal } from "./seals.ts";
import type { Place } from "./shift-tables.tsx";

/** The day's seals, and whether the rows that are here are those that were sealed; nothing of stores that do not seal. */
export function SealSection(props: {
  seals: readonly CheckedSeal[];
  place: Place;
  csvHref: string | null;
}) {
  const { seals, place, csvHref } = props;
  const { store, day } = place;
  if (seals.length === 0) return null;
  return (
    <DataTable
      id="heads"
      title="Seal of the day"
      note={seals.map((seal) => (
        <span class="why">
          <a href={rowHref(store, day, seal)}>Seal {seal.seal.number}</a> by {seal.source},{" "}
          {formatMoment(seal.atMs, place.zone, place.nowMs)} · root{" "}
          <span class="id">{seal.seal.root.slice(0, 16)}…</span>{" "}
          {seal.isRootTrue && seal.heads.every(({ standing }) => standing === "true") ? (
            <Badge tone="good">True</Badge>
          ) : (
            <Badge tone={seal.isRootTrue ? "bad" : "serious"}>
              {seal.isRootTrue
                ? "Not all of its rows are here as sealed"
                : "Its root is not that of its heads"}
            </Badge>
          )}
        </span>
      ))}
      columns={headColumns(place)}
      rows={headLines(seals)}
      empty=""
      csvHref={csvHref}
    />
  );
}
