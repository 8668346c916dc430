/** @jsxImportSource hono/jsx */
// Everything that could not be used, by cause: what it means and what to do about it.
import type { AccountHealth, EdgeGroup } from "../../desk/edge-desk.ts";
import type { HereGroup } from "../../desk/here.ts";
import type { DeskJob } from "../../desk/jobs.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatTime } from "../format.ts";
import { Figure, Layout, Time } from "../layout.tsx";
import { Badge, Notice } from "../parts.tsx";
import { shareWords } from "../quality/words.ts";
import { edgeMeaning, hereMeaning } from "./words.ts";

export interface CauseRow {
  readonly href: string;
  readonly words: string;
  readonly todo: string;
  readonly code: string;
  /** Where it came from: an account and its shop, or stores. */
  readonly from: string;
  readonly detail: string | null;
  readonly items: number;
  readonly oldestMs: number;
}

export const edgeCauseHref = (group: Omit<EdgeGroup, "items" | "oldestMs" | "like">): string => {
  const { shop, account, format, topic, code, field } = group;
  const query = new URLSearchParams({ shop, account, format, topic, code });
  if (field !== null) query.set("field", field);
  return `/intake/edge?${query.toString()}`;
};
export const hereCauseHref = ({ of, code }: Pick<HereGroup, "of" | "code">): string =>
  `/intake/here?${new URLSearchParams({ of, code }).toString()}`;

export const causesOf = (edge: readonly EdgeGroup[], here: readonly HereGroup[]): CauseRow[] =>
  [
    ...edge.map((group): CauseRow => ({
      href: edgeCauseHref(group),
      words: edgeMeaning(group.code).means,
      todo: edgeMeaning(group.code).todo,
      code: group.code,
      from: `${group.account} (${group.shop})`,
      detail: [group.topic, group.field].filter(Boolean).join(" · ") || null,
      items: group.items,
      oldestMs: group.oldestMs,
    })),
    ...here.map((group): CauseRow => ({
      href: hereCauseHref(group),
      words: hereMeaning(group.code).means,
      todo: hereMeaning(group.code).todo,
      code: group.code,
      from: group.stores.join(", ") || "tills",
      detail: group.of === "letter" ? "dead letters" : "rows in quarantine",
      items: group.items,
      oldestMs: group.oldestMs,
    })),
  ].toSorted((a, b) => b.items - a.items || a.oldestMs - b.oldestMs);

export const causeColumns = (nowMs: number): Column<CauseRow>[] => [
  { head: "Cause", csv: ({ code }) => code, cell: ({ href, words, todo }) => <><a href={href}>{words}</a><span class="todo">{todo}</span></>, isName: true }, // prettier-ignore
  { head: "From", csv: ({ from }) => from, cell: ({ from, detail }) => <>{from}{detail === null ? null : <span class="todo">{detail}</span>}</> }, // prettier-ignore
  { head: "What", csv: ({ detail }) => detail, isFileOnly: true },
  { head: "Items", csv: ({ items }) => items, cell: ({ items, href }) => <a href={href}>{formatCount(items)}</a>, isFigure: true }, // prettier-ignore
  { head: "Oldest", csv: ({ oldestMs }) => new Date(oldestMs).toISOString(), cell: ({ oldestMs }) => <Time ms={oldestMs}>{sinceWords(oldestMs, nowMs)}</Time>, isFigure: true }, // prettier-ignore
];

const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];

/** How long ago, for a figure that counts by its age. */
export function sinceWords(ms: number, nowMs: number): string {
  const age = Math.max(0, nowMs - ms);
  if (age < HOUR_MS) return `${Math.max(1, Math.round(age / 60_000))} min ago`;
  if (age < 2 * DAY_MS) return `${Math.round(age / HOUR_MS)} h ago`;
  return `${Math.round(age / DAY_MS)} days ago`;
}

export interface IntakePageProps {
  readonly page: PageContext;
  readonly causes: readonly CauseRow[];
  /** Null where the edge cannot be reached. */
  readonly accounts: readonly AccountHealth[] | null;
  readonly jobs: readonly DeskJob[];
  readonly nowMs: number;
}

export function IntakePage({ page, causes, accounts, jobs, nowMs }: IntakePageProps) {
  const items = causes.reduce((sum, each) => sum + each.items, 0);
  const oldest = Math.min(...causes.map(({ oldestMs }) => oldestMs));
  const csv = (id: string): string | null => (page.may("export") ? `/intake?csv=${id}` : null);
  return (
    <Layout title="Intake" page={page}>
      <h1>Intake desk</h1>
      <p class="subtitle">
        What arrived and could not be used. All of it is kept as it came, and nothing waits behind
        it.
      </p>
      {accounts === null ? (
        <Notice tone="bad">
          The edge cannot be reached, so what fails at its desk is not shown. What lies at the
          centre is below. Load this page again in a while; nothing is lost meanwhile.
        </Notice>
      ) : null}
      <dl class="figures">
        <Figure label="Items that could not be used">{formatCount(items)}</Figure>
        <Figure label="Causes">{formatCount(causes.length)}</Figure>
        <Figure label="Oldest">{causes.length === 0 ? "–" : sinceWords(oldest, nowMs)}</Figure>
      </dl>
      <DataTable
        id="causes"
        title="By cause"
        columns={causeColumns(nowMs)}
        rows={causes}
        empty={
          accounts === null
            ? "At the centre nothing is set aside."
            : "Everything that arrived could be used."
        }
        csvHref={csv("causes")}
      />
      {jobs.length === 0 ? null : (
        <DataTable
          id="replays"
          title="Replays"
          columns={jobColumns}
          rows={jobs}
          empty=""
          csvHref={csv("replays")}
        />
      )}
      {accounts === null ? null : (
        <DataTable
          id="accounts"
          title="Accounts"
          note="How each connector is doing, and by which settings it is read."
          columns={accountColumns(nowMs)}
          rows={accounts}
          empty="No connector has an account yet."
          csvHref={csv("accounts")}
        />
      )}
    </Layout>
  );
}

export const jobTitle = ({ ask }: DeskJob): string =>
  ask.at === "edge"
    ? `${edgeMeaning(ask.cause.code).means} (${ask.cause.account})`
    : hereMeaning(ask.cause.code).means;

export const jobColumns: readonly Column<DeskJob>[] = [
  { head: "Replay", csv: ({ n }) => n, cell: (job) => <a href={`/intake/replays/${job.n}`}>{jobTitle(job)}</a>, isName: true }, // prettier-ignore
  { head: "By", csv: ({ by }) => by },
  { head: "Begun", csv: ({ startedMs }) => new Date(startedMs).toISOString(), cell: ({ startedMs }) => `${formatTime(startedMs, null)} UTC` }, // prettier-ignore
  { head: "Taken effect", csv: ({ replayed }) => replayed, cell: ({ replayed }) => formatCount(replayed), isFigure: true }, // prettier-ignore
  { head: "Failed again", csv: ({ kept }) => kept, cell: ({ kept }) => formatCount(kept), isFigure: true }, // prettier-ignore
  {
    head: "State",
    csv: ({ state, failure }) => failure ?? state,
    cell: (job) => <JobBadge job={job} />,
  },
];

export function JobBadge({ job: { state, failure, kept } }: { job: DeskJob }) {
  if (state === "running") return failure ? <Badge tone="waiting">waits for the edge</Badge> : <Badge tone="info">running</Badge>; // prettier-ignore
  if (state === "stopped") return <Badge tone="none">stopped</Badge>;
  return kept > 0 ? <Badge tone="waiting">done, some failed again</Badge> : <Badge tone="good">done</Badge>; // prettier-ignore
}

export const accountColumns = (nowMs: number): Column<AccountHealth>[] => [
  { head: "Account", csv: ({ account }) => account, cell: ({ account }) => <a href={`/intake/accounts/${account}`}>{account}</a>, isName: true }, // prettier-ignore
  { head: "Shop", csv: ({ shop }) => shop },
  { head: "Kind", csv: ({ kind }) => kind },
  { head: "Heard last", csv: ({ seenMs }) => (seenMs === null ? null : new Date(seenMs).toISOString()), cell: ({ seenMs }) => (seenMs === null ? "never" : <Time ms={seenMs}>{sinceWords(seenMs, nowMs)}</Time>) }, // prettier-ignore
  { head: "Waiting", csv: ({ waiting }) => waiting, cell: ({ waiting }) => formatCount(waiting), isFigure: true }, // prettier-ignore
  { head: "Failed", csv: ({ failed }) => failed, cell: ({ failed }) => formatCount(failed), isFigure: true }, // prettier-ignore
  { head: "Failed, last hour", csv: ({ errorRate }) => errorRate, cell: ({ errorRate }) => (errorRate === null ? null : shareWords(errorRate)), isFigure: true }, // prettier-ignore
  { head: "State", csv: ({ stopped, alerts }) => (stopped === null ? alerts.join(" ") || "fine" : "stopped"), cell: ({ stopped, alerts }) => <AccountState stopped={stopped} alerts={alerts} /> }, // prettier-ignore
];

const ALERT_WORDS: Readonly<Record<string, string>> = {
  silent: "silent",
  errors: "many errors",
  failed: "many failed",
  lag: "behind",
  stopped: "stopped",
};

function AccountState({ stopped, alerts }: Pick<AccountHealth, "stopped" | "alerts">) {
  if (stopped !== null) return <Badge tone="serious">stopped</Badge>;
  if (alerts.length === 0) return <Badge tone="good">fine</Badge>;
  return <Badge tone="bad">{alerts.map((alert) => ALERT_WORDS[alert] ?? alert).join(", ")}</Badge>;
}
