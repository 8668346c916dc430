/** @jsxImportSource hono/jsx */
import { formatCountOf, formatTime } from "../format.ts";
import { type Column, DataTable, tableFile } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { Layout, Time } from "../layout.tsx";
import { Badge } from "../parts.tsx";
import type { KnownPerson } from "../../access/people.ts";
import { rolesInWords } from "./role-words.ts";

const FROM: Readonly<Record<KnownPerson["from"], string>> = {
  settings: "The settings",
  console: "This console",
  provider: "Identity provider",
};

export const fromWords = (from: KnownPerson["from"]): string => FROM[from];

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const columnsOf = (nowMs: number): readonly Column<KnownPerson>[] => [
  {
    head: "Name",
    isName: true,
    csv: ({ name }) => name,
    cell: ({ id, name }) => <a href={`/people/${id}`}>{name}</a>,
  },
  { head: "Id", isFileOnly: true, csv: ({ id }) => id },
  { head: "Roles", csv: ({ roles }) => rolesInWords(roles) },
  { head: "Account of", csv: ({ from }) => FROM[from] },
  {
    head: "State",
    csv: ({ disabledMs }) => (disabledMs === null ? "active" : "disabled"),
    cell: ({ disabledMs, sessions }) =>
      disabledMs !== null ? (
        <Badge tone="bad">Disabled</Badge>
      ) : sessions > 0 ? (
        <Badge tone="good">Signed in</Badge>
      ) : (
        <Badge tone="none">Active</Badge>
      ),
  },
  {
    head: "Last seen",
    csv: ({ lastSeenMs }) => iso(lastSeenMs),
    cell: ({ lastSeenMs }) =>
      lastSeenMs === null ? null : (
        <Time ms={lastSeenMs}>{formatTime(lastSeenMs, null, nowMs)}</Time>
      ),
  },
  {
    head: "Since",
    csv: ({ createdMs }) => iso(createdMs),
    cell: ({ createdMs }) => <Time ms={createdMs}>{formatTime(createdMs, null)}</Time>,
  },
];

export interface PeoplePageProps {
  readonly page: PageContext;
  readonly people: readonly KnownPerson[];
  readonly next: string | null;
  readonly nowMs: number;
}

export function PeoplePage({ page, people, next, nowMs }: PeoplePageProps) {
  return (
    <Layout page={page} title="People">
      <h1>People</h1>
      <p class="subtitle">Who may sign in here, and what they may do. Times are UTC.</p>
      <div class="toolbar">
        <a class="button primary" href="/people/new" data-key="n">
          Add somebody <kbd>n</kbd>
        </a>
      </div>
      <DataTable
        id="people"
        title={formatCountOf(people.length, "person", "people")}
        columns={columnsOf(nowMs)}
        rows={people}
        empty="Nobody is known."
        csvHref={page.may("export") ? "/people?csv=people" : null}
        next={next}
      />
    </Layout>
  );
}

export const peopleFile = (people: readonly KnownPerson[], nowMs: number): string =>
  tableFile(columnsOf(nowMs), people);
