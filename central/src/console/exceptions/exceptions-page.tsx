/** @jsxImportSource hono/jsx */
import { filterQuery, type Filters, isWork } from "../../reconcile/exceptions/filters.ts";
import type { Counts } from "../../reconcile/exceptions/list.ts";
import { SEVERITIES, type StoredException } from "../../reconcile/exceptions/read.ts";
import type { Severity } from "../../reconcile/found.ts";
import { DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount } from "../format.ts";
import { Figure, Layout } from "../layout.tsx";
import { Notice } from "../parts.tsx";
import { exceptionColumns } from "./columns.tsx";
import { FilterForm } from "./filter-form.tsx";
import type { Colleague, Names } from "./people.ts";

export interface ExceptionsPageProps {
  readonly page: PageContext;
  readonly filters: Filters;
  readonly exceptions: readonly StoredException[];
  /** Where the next rows are; null at the end. */
  readonly next: string | null;
  readonly isFirst: boolean;
  readonly counts: Counts;
  readonly colleagues: readonly Colleague[];
  readonly names: Names;
  readonly nowMs: number;
  /** What was just done with the last of the list. */
  readonly done: string | null;
}

export function ExceptionsPage(props: ExceptionsPageProps) {
  const { page, filters, exceptions, next, isFirst, names, nowMs, done } = props;
  const [first] = exceptions;
  return (
    <Layout page={page} title="Exceptions">
      <div class="head">
        <div>
          <h1>Exceptions</h1>
          <p class="subtitle">
            What the checks have found, until somebody has explained it and somebody else approved.
          </p>
        </div>
        {first === undefined ? null : (
          <a
            class="button primary"
            href={`/exceptions/${first.n}${filterQuery(filters)}`}
            data-key="w"
          >
            Work through this list <kbd>w</kbd>
          </a>
        )}
      </div>
      {done === null ? null : <Notice tone="good">{done}</Notice>}
      <CountFigures {...props} />
      <FilterForm filters={filters} colleagues={props.colleagues} />
      <DataTable
        id="exceptions"
        title={isWork(filters) ? "To do, worst first" : "Newest first"}
        columns={exceptionColumns(filters, names, nowMs)}
        rows={exceptions}
        empty={emptyWords(filters)}
        csvHref={
          page.may("export") ? `/exceptions${filterQuery(filters, { csv: "exceptions" })}` : null
        }
        next={next}
      />
      {isFirst ? null : (
        <p class="more">
          <a href={`/exceptions${filterQuery(filters)}`}>Back to the start</a>
        </p>
      )}
    </Layout>
  );
}

const emptyWords = (filters: Filters): string =>
  filterQuery(filters) === ""
    ? "Nothing is in question. Whatever the checks find stands here until it is explained and approved."
    : "Nothing like this. Choose other filters to see more.";

const SEVERITY_NOTES: Readonly<Record<Severity, string>> = {
  serious: "money or journals at stake",
  warning: "keeps its day in question",
  info: "keeps no day open",
};

/** All that is to do, whatever the list is narrowed to. */
function CountFigures({ counts, page }: ExceptionsPageProps) {
  return (
    <dl class="figures">
      {SEVERITIES.map((severity) => (
        <Figure
          label={
            severity === "serious"
              ? "Serious"
              : severity === "warning"
                ? "Warnings"
                : "For information"
          }
          note={SEVERITY_NOTES[severity]}
          href={`/exceptions${filterQuery({ state: "todo", severity })}`}
        >
          {formatCount(counts[severity])}
        </Figure>
      ))}
      {page.may("exceptions.work") ? (
        <Figure
          label="Mine"
          note="assigned to me"
          href={`/exceptions${filterQuery({ state: "todo", assignee: page.person.id })}`}
        >
          {formatCount(counts.mine)}
        </Figure>
      ) : null}
      {page.may("exceptions.approve") ? (
        <Figure
          label="To approve"
          note="explained by others"
          href={`/exceptions${filterQuery({ state: "explained" })}`}
        >
          {formatCount(counts.toApprove)}
        </Figure>
      ) : null}
    </dl>
  );
}
