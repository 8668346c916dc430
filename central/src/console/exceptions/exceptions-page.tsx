/** @jsxImportSource hono/jsx */
import {
  filterQuery,
  type Filters,
  LIST_STATES,
  NOBODY,
} from "../../reconcile/exceptions/filters.ts";
import {
  EXCEPTION_KINDS,
  SEVERITIES,
  type StoredException,
} from "../../reconcile/exceptions/read.ts";
import { CHECK_TITLES, titleOf, wordsOf } from "../../reconcile/exceptions/words.ts";
import type { Counts } from "../../reconcile/exceptions/list.ts";
import { KINDS, type Severity } from "../../reconcile/found.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatMoney, formatTime } from "../format.ts";
import { Figure, Layout, Time } from "../layout.tsx";
import { Badge, Field, Notice, SeverityBadge } from "../parts.tsx";
import { STATE_WORDS } from "./life-words.ts";
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
      <FilterForm {...props} />
      <DataTable
        id="exceptions"
        title={filters.state === "todo" ? "To do, worst first" : "Newest first"}
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
  const here = (severity: Severity): string =>
    `/exceptions${filterQuery({ state: "todo", severity })}`;
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
          href={here(severity)}
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

const STATE_NAMES: Readonly<Record<Filters["state"], string>> = {
  todo: "To do",
  open: "Open",
  explained: "Explained",
  approved: "Approved",
  settled: "Settled by new data",
  all: "All",
};

function FilterForm({ filters, colleagues }: ExceptionsPageProps) {
  return (
    <form
      class="toolbar exception-filters"
      method="get"
      action="/exceptions"
      role="search"
      aria-label="Exceptions"
    >
      <Field id="state" label="State">
        <select id="state" name="state">
          {LIST_STATES.map((state) => (
            <option value={state} selected={filters.state === state}>
              {STATE_NAMES[state]}
            </option>
          ))}
        </select>
      </Field>
      <Field id="severity" label="Severity">
        <select id="severity" name="severity">
          <option value="">Any</option>
          {SEVERITIES.map((severity) => (
            <option value={severity} selected={filters.severity === severity}>
              {severity.charAt(0).toUpperCase() + severity.slice(1)}
            </option>
          ))}
        </select>
      </Field>
      <Field id="kind" label="What">
        <select id="kind" name="kind">
          <option value="">Anything</option>
          {[...Map.groupBy(EXCEPTION_KINDS, (kind) => KINDS[kind].check)].map(([check, kinds]) => (
            <optgroup label={CHECK_TITLES[check]}>
              {kinds.map((kind) => (
                <option value={kind} selected={filters.kind === kind}>
                  {titleOf(kind)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </Field>
      <Field id="store" label="Store">
        <input
          id="store"
          name="store"
          value={filters.store ?? ""}
          placeholder="Any"
          autocomplete="off"
          size={12}
          maxlength={64}
        />
      </Field>
      <Field id="day" label="Day">
        <input id="day" name="day" type="date" value={filters.day ?? ""} />
      </Field>
      <Field id="assignee" label="With">
        <select id="assignee" name="assignee">
          <option value="">Anybody</option>
          <option value={NOBODY} selected={filters.assignee === NOBODY}>
            Nobody yet
          </option>
          {colleagues.map(({ id, name }) => (
            <option value={id} selected={filters.assignee === id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <button type="submit">Show</button>
      {filterQuery(filters) === "" ? null : <a href="/exceptions">Clear</a>}
    </form>
  );
}

/** Also of the file; `filters` are the list that one goes on in. */
export const exceptionColumns = (
  filters: Filters,
  names: Names,
  nowMs: number,
): Column<StoredException>[] => [
  { head: "Number", csv: ({ n }) => n, isFileOnly: true },
  {
    head: "What",
    csv: ({ kind }) => titleOf(kind),
    cell: (exception) => (
      <>
        <a href={`/exceptions/${exception.n}${filterQuery(filters)}`}>{titleOf(exception.kind)}</a>
        <span class="quiet exception-sentence">{wordsOf(exception).sentence}</span>
      </>
    ),
    isName: true,
  },
  { head: "In words", csv: (exception) => wordsOf(exception).sentence, isFileOnly: true },
  { head: "Severity", csv: ({ severity }) => severity, isFileOnly: true },
  {
    head: "State",
    csv: ({ state }) => state,
    cell: ({ severity, state }) => (
      <span class="exception-badges">
        <SeverityBadge severity={severity} />
        <Badge tone={STATE_WORDS[state].tone}>{STATE_WORDS[state].words}</Badge>
      </span>
    ),
  },
  {
    head: "Store and day",
    csv: ({ store }) => store,
    cell: ({ store, businessDay }) => (
      <span class="exception-day">
        <a href={`/stores/${store}/${businessDay}`}>{store}</a>{" "}
        <span class="quiet">{businessDay}</span>
      </span>
    ),
  },
  { head: "Day", csv: ({ businessDay }) => businessDay, isFileOnly: true },
  { head: "Terminal", csv: ({ source }) => source, isFileOnly: true },
  { head: "Epoch", csv: ({ epoch }) => epoch, isFileOnly: true },
  { head: "Row", csv: ({ seq }) => seq, isFileOnly: true },
  {
    head: "Amount",
    csv: ({ amountMinor }) => amountMinor,
    cell: ({ amountMinor, currency }) =>
      amountMinor === null || currency === null ? null : formatMoney(amountMinor, currency),
    isFigure: true,
  },
  { head: "Currency", csv: ({ currency }) => currency, isFileOnly: true },
  {
    head: "Since",
    csv: ({ openedMs }) => new Date(openedMs).toISOString(),
    cell: ({ openedMs, zone }) => <Time ms={openedMs}>{formatTime(openedMs, zone, nowMs)}</Time>,
  },
  {
    head: "With",
    csv: ({ assignee }) => (assignee === null ? null : names(assignee)),
    cell: ({ assignee }) =>
      assignee === null ? (
        <span class="quiet">Nobody</span>
      ) : (
        <span class="exception-with">{names(assignee)}</span>
      ),
  },
];
