/** @jsxImportSource hono/jsx */
import type { AuditLine } from "../../access/read-audit.ts";
import { NOBODY } from "../../access/audit.ts";
import { type Column, DataTable, tableFile } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { Layout, Time } from "../layout.tsx";
import { actionInWords, AUDIT_ACTIONS, detailInWords } from "./words.ts";
import { hrefOfTarget } from "./target-page.ts";

/** As the form has it: texts, empty where nothing is asked for. */
export interface AuditAsked {
  readonly person: string;
  readonly action: string;
  readonly target: string;
  /** Days of UTC, both included. */
  readonly from: string;
  readonly to: string;
}

export function auditHref(asked: AuditAsked, more: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries({ ...asked, ...more }).filter(([, value]) => value !== "");
  const query = new URLSearchParams(pairs).toString();
  return query === "" ? "/audit" : `/audit?${query}`;
}

const byWords = ({ by, byName }: AuditLine): string => byName ?? (by === NOBODY ? "Nobody" : by);

type May = PageContext["may"];

const columnsOf = (asked: AuditAsked, may: May): readonly Column<AuditLine>[] => [
  {
    head: "When (UTC)",
    csv: ({ atMs }) => new Date(atMs).toISOString(),
    cell: ({ atMs }) => <Time ms={atMs}>{formatTime(atMs, null)}</Time>,
  },
  {
    head: "Who",
    isName: true,
    csv: byWords,
    cell: (line) =>
      line.byName === null ? (
        <span class="quiet">{byWords(line)}</span>
      ) : (
        <a href={auditHref({ ...asked, person: line.by })}>{byWords(line)}</a>
      ),
  },
  { head: "Id of who", isFileOnly: true, csv: ({ by }) => by },
  {
    head: "What",
    csv: ({ action }) => actionInWords(action),
  },
  { head: "Action", isFileOnly: true, csv: ({ action }) => action },
  {
    head: "Of what",
    csv: ({ target }) => target,
    cell: (line) => <Target line={line} asked={asked} may={may} />,
  },
  {
    head: "Details",
    csv: ({ detail }) => (detail === null ? null : JSON.stringify(detail)),
    cell: ({ action, detail }) => detailInWords(action, detail),
  },
];

function Target({ line, asked, may }: { line: AuditLine; asked: AuditAsked; may: May }) {
  const { target, targetName, action } = line;
  if (target === null) return <>–</>;
  const href = hrefOfTarget(action, target, may);
  const name = targetName ?? <code>{target}</code>;
  return (
    <span>
      {href === null ? name : <a href={href}>{name}</a>}{" "}
      {asked.target === target ? null : (
        <a class="audit-all" href={auditHref({ person: "", action: "", from: "", to: "", target })}>
          all of it
        </a>
      )}
    </span>
  );
}

export interface AuditPageProps {
  readonly page: PageContext;
  readonly asked: AuditAsked;
  readonly lines: readonly AuditLine[];
  readonly next: string | null;
  readonly names: readonly { readonly id: string; readonly name: string }[];
}

export function AuditPage({ page, asked, lines, next, names }: AuditPageProps) {
  const isNarrowed = Object.values(asked).some((value) => value !== "");
  return (
    <Layout page={page} title="Audit">
      <h1>Audit</h1>
      <p class="subtitle">Who saw and changed what. Nothing here is ever changed or deleted.</p>
      <form class="row audit-filter" method="get" action="/audit" role="search" aria-label="Filter">
        <Choice id="person" label="Who" value={asked.person} all="Everybody">
          {[{ id: NOBODY, name: "Nobody (before signing in)" }, ...names]}
        </Choice>
        <Choice id="action" label="What" value={asked.action} all="Everything">
          {AUDIT_ACTIONS.map((id) => ({ id, name: actionInWords(id) }))}
        </Choice>
        <div class="field">
          <label for="target">Of what (id)</label>
          <input
            id="target"
            name="target"
            value={asked.target}
            maxlength={200}
            spellcheck={false}
          />
        </div>
        <div class="field">
          <label for="from">From</label>
          <input id="from" name="from" type="date" value={asked.from} />
        </div>
        <div class="field">
          <label for="to">To</label>
          <input id="to" name="to" type="date" value={asked.to} />
        </div>
        <p class="actions">
          <button type="submit" class="primary">
            Show
          </button>
          {isNarrowed ? (
            <a class="button" href="/audit">
              Show all
            </a>
          ) : null}
        </p>
      </form>
      <DataTable
        id="audit"
        title="Entries"
        columns={columnsOf(asked, (action) => page.may(action))}
        rows={lines}
        empty={isNarrowed ? "No entry is like that." : "Nothing has happened yet."}
        csvHref={page.may("export") ? auditHref(asked, { csv: "audit" }) : null}
        next={next}
      />
    </Layout>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly all: string;
  readonly children: readonly { readonly id: string; readonly name: string }[];
}

function Choice({ id, label, value, all, children }: ChoiceProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={id}>
        <option value="">{all}</option>
        {children.map((one) => (
          <option value={one.id} selected={one.id === value}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  );
}

export const auditFile = (lines: readonly AuditLine[], asked: AuditAsked): string =>
  tableFile(
    columnsOf(asked, () => false),
    lines,
  );
