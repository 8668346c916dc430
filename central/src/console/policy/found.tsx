/** @jsxImportSource hono/jsx */
// What dry runs of matching and quality have found.
import { matchingTallySchema, qualityTallySchema } from "../../policy/try-runner.ts";
import { type Column, DataTable } from "../data-table.tsx";
import { formatCount, formatCountOf } from "../format.ts";
import { Figure } from "../layout.tsx";
import { breachWords } from "../quality/words.ts";

export function MatchingFound({ tally }: { tally: unknown }) {
  const found = matchingTallySchema.safeParse(tally).data;
  if (!found) return null;
  type Sample = (typeof found.samples)[number];
  const columns: Column<Sample>[] = [
    { head: "Change", csv: ({ change }) => change, cell: ({ change }) => (change === "joined" ? "would be one" : "would be parted"), isName: true }, // prettier-ignore
    { head: "Customers", csv: ({ customers }) => customers.join(" "), cell: ({ customers }) => customers.map((id) => <><a class="id" href={`/customers/${id}`}>{id.slice(0, 10)}…</a>{" "}</>) }, // prettier-ignore
    { head: "Source records", csv: ({ records }) => records.join(" "), cell: ({ records }) => formatCountOf(records.length, change(records.length)) }, // prettier-ignore
  ];
  return (
    <>
      <dl class="figures">
        <Figure label="Customers that would be joined" note="each into another one">
          {formatCount(found.joined)}
        </Figure>
        <Figure label="Customers that would be parted">{formatCount(found.parted)}</Figure>
        <Figure label="Source records looked at">{formatCount(found.records)}</Figure>
      </dl>
      <p class="quiet">
        Each record was resolved by the new rules together with all that it would hang together
        with. Where many new ties follow one another, the run may join some more of them into one.
      </p>
      <DataTable
        id="samples"
        title="Examples"
        columns={columns}
        rows={found.samples}
        empty="Everybody would stay who they are."
        csvHref={null}
      />
    </>
  );
}

const change = (count: number): string => (count === 1 ? "side" : "record");

export function QualityFound({ tally }: { tally: unknown }) {
  const found = qualityTallySchema.safeParse(tally).data;
  if (!found) return null;
  const nameOf = ({ measure, part }: (typeof found.after)[number]): string => `${measure} ${part}`;
  const before = new Set(found.before.map(nameOf));
  const after = new Set(found.after.map(nameOf));
  const rows = [
    ...found.after.map((breach) => ({ breach, is: before.has(nameOf(breach)) ? "as now" : "new" })),
    ...found.before.filter((breach) => !after.has(nameOf(breach))).map((breach) => ({ breach, is: "no longer" })), // prettier-ignore
  ];
  const columns: Column<(typeof rows)[number]>[] = [
    { head: "Alert", csv: ({ is }) => is, isName: true },
    { head: "What it would say", csv: ({ breach }) => breachWords(breach) },
  ];
  return (
    <>
      <dl class="figures">
        <Figure label="Alerts with the figures of now">{formatCount(found.after.length)}</Figure>
        <Figure label="Alerts by the version in force">{formatCount(found.before.length)}</Figure>
      </dl>
      <DataTable
        id="breaches"
        title="Alerts"
        columns={columns}
        rows={rows}
        empty="Nobody would be alerted of anything."
        csvHref={null}
      />
    </>
  );
}
