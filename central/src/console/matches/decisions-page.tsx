/** @jsxImportSource hono/jsx */
import type { DecisionEntry } from "../../steward/list.ts";
import type { Preview } from "../../steward/preview.ts";
import { PreviewTable } from "../customers/preview-table.tsx";
import type { Granted } from "../customers/shown.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { CsrfField, Layout, Time } from "../layout.tsx";
import { decisionWords } from "./decision-words.ts";

export interface DecisionRow {
  readonly decision: DecisionEntry;
  /** Whose the records are now, with names where they have one. */
  readonly customers: readonly { readonly id: string; readonly name: string | null }[];
}

const stateOf = ({ decision: { undoneMs, undoneBy } }: DecisionRow): string =>
  undoneMs === null ? "stands" : `undone by ${undoneBy ?? "somebody"}`;

export const DECISION_COLUMNS: readonly Column<DecisionRow>[] = [
  {
    head: "Decision",
    csv: ({ decision }) => decision.kind,
    cell: ({ decision }) => (
      <a href={`/matches/decisions/${decision.id}`}>{decisionWords(decision)}</a>
    ),
    isName: true,
  },
  { head: "Decision id", csv: ({ decision }) => decision.id, isFileOnly: true },
  {
    head: "About",
    csv: ({ customers }) => customers.map(({ id }) => id).join(" "),
    cell: ({ customers }) => <Customers of={customers} />,
  },
  { head: "By", csv: ({ decision }) => decision.by },
  {
    head: "When",
    csv: ({ decision }) => new Date(decision.atMs).toISOString(),
    cell: ({ decision: { atMs } }) => (
      <span class="quiet">
        <Time ms={atMs}>{formatTime(atMs, null)}</Time>
      </span>
    ),
  },
  { head: "Note", csv: ({ decision }) => decision.note },
  {
    head: "State",
    csv: stateOf,
    cell: (row) => (
      <span class={row.decision.undoneMs === null ? "dot good" : "dot waiting"}>
        {stateOf(row)}
      </span>
    ),
  },
];

function Customers({ of }: { of: DecisionRow["customers"] }) {
  return (
    <>
      {of.map(({ id, name }, at) => (
        <>
          {at > 0 ? ", " : ""}
          <a href={`/customers/${id}`}>{name ?? <span class="id">{id.slice(0, 8)}…</span>}</a>
        </>
      ))}
    </>
  );
}

export function DecisionsPage(props: {
  page: PageContext;
  rows: readonly DecisionRow[];
  next: number | null;
}) {
  const { page, rows, next } = props;
  return (
    <Layout page={page} title="Decisions">
      <p class="crumbs">
        <a href="/matches">Potential matches</a>
      </p>
      <h1>Decisions of stewards</h1>
      <DataTable
        id="decisions"
        title="Newest first"
        columns={DECISION_COLUMNS}
        rows={rows}
        empty="Nobody has decided anything yet."
        csvHref={page.may("export") ? "/matches/decisions?csv=decisions" : null}
        next={next === null ? null : `/matches/decisions?before=${next}`}
        note="Each can be taken back, whoever took it and whenever: then everything is as if it had never been taken."
      />
    </Layout>
  );
}

export function DecisionPage(props: {
  page: PageContext;
  row: DecisionRow;
  /** Null where there is nothing to undo, or it is about one value. */
  preview: Preview | null;
  granted: Granted;
  seen: string;
}) {
  const { page, row, preview, granted, seen } = props;
  const { decision, customers } = row;
  const isStanding = decision.undoneMs === null;
  return (
    <Layout page={page} title="Decision">
      <p class="crumbs">
        <a href="/matches/decisions">Decisions</a>
      </p>
      <h1>{decisionWords(decision)}</h1>
      <p class="subtitle">
        by {decision.by}, <Time ms={decision.atMs}>{formatTime(decision.atMs, null)}</Time> ·{" "}
        <Customers of={customers} />
        {decision.undoneMs === null ? null : (
          <>
            {" · "}undone by {decision.undoneBy},{" "}
            <Time ms={decision.undoneMs}>{formatTime(decision.undoneMs, null)}</Time>
          </>
        )}
      </p>
      {decision.note === null ? null : <p>{decision.note}</p>}
      {preview === null ? null : (
        <section aria-labelledby="outcome">
          <h2 id="outcome">What undoing it would do</h2>
          <PreviewTable preview={preview} granted={granted} />
        </section>
      )}
      {isStanding && page.may("matches.decide") ? (
        <form class="confirm" method="post" action={`/matches/decisions/${decision.id}/undo`}>
          <CsrfField page={page} />
          <input type="hidden" name="seen" value={seen} />
          <button type="submit" class="primary">
            Undo this decision
          </button>
          <a href="/matches/decisions">Leave it</a>
        </form>
      ) : null}
    </Layout>
  );
}
