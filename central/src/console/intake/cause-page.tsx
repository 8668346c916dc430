/** @jsxImportSource hono/jsx */
// One cause: what it means, what to do, its items, and the replay of all of them.
import type { AccountView, EdgeGroup, FailedItem } from "../../desk/edge-desk.ts";
import type { HereCause, HereItem } from "../../desk/here.ts";
import type { DeskJob } from "../../desk/jobs.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCountOf, formatMoney, formatTime } from "../format.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { Facts, Notice } from "../parts.tsx";
import { JobPart } from "./job-page.tsx";
import { hereCauseHref } from "./page.tsx";
import { edgeMeaning, hereMeaning } from "./words.ts";

export interface EdgeCausePageProps {
  readonly page: PageContext;
  /** As it is now; of a cause that is gone there are no items. */
  readonly group: EdgeGroup;
  readonly items: readonly FailedItem[];
  readonly next: string | null;
  readonly account: AccountView | null;
  /** The newest replay of this cause. */
  readonly job: DeskJob | null;
}

export function EdgeCausePage({ page, group, items, next, account, job }: EdgeCausePageProps) {
  const { means, todo } = edgeMeaning(group.code);
  return (
    <Layout title={means} page={page}>
      <p class="crumbs">
        <a href="/intake">Intake desk</a>
      </p>
      <h1>{means}</h1>
      <p class="subtitle">{todo}</p>
      <Facts
        facts={[
          ["Account", <a href={`/intake/accounts/${group.account}`}>{group.account}</a>],
          ["Shop", group.shop],
          ["Read as", group.format],
          ["Kind of message", group.topic],
          ["Field", group.field],
          ["Zone, country, currency", account && `${account.zone}, ${account.country}, ${account.currency}`], // prettier-ignore
        ]}
      />
      {job ? <JobPart page={page} job={job} /> : null}
      <ReplayAll page={page} job={job} count={group.items} mayApprove={group.code === "rule"}>
        {Object.entries({ at: "edge", ...group, field: group.field ?? "" })
          .filter(([name]) =>
            ["at", "shop", "account", "format", "topic", "code", "field"].includes(name),
          )
          .map(([name, value]) => (
            <input type="hidden" name={name} value={String(value)} />
          ))}
      </ReplayAll>
      <DataTable
        id="items"
        title="Items"
        columns={itemColumns}
        rows={items}
        empty="Nothing fails for this reason any more."
        csvHref={null}
        next={next}
      />
    </Layout>
  );
}

const itemColumns: readonly Column<FailedItem>[] = [
  { head: "Item", csv: ({ item }) => item, cell: ({ item }) => <a href={`/intake/edge/items/${item}`}>{item}</a>, isName: true }, // prettier-ignore
  { head: "Received", csv: ({ receivedMs }) => new Date(receivedMs).toISOString(), cell: ({ receivedMs }) => `${formatTime(receivedMs, null)} UTC` }, // prettier-ignore
  { head: "At stake", csv: ({ worthMinor }) => worthMinor, cell: ({ worthMinor, currency }) => (currency === null || worthMinor === 0 ? null : formatMoney(worthMinor, currency)), isFigure: true }, // prettier-ignore
  { head: "Tried", csv: ({ attempts }) => attempts, cell: ({ attempts }) => formatCountOf(attempts, "time"), isFigure: true }, // prettier-ignore
  { head: "Tried again", csv: ({ retryMs }) => (retryMs === null ? null : new Date(retryMs).toISOString()), cell: ({ retryMs }) => (retryMs === null ? "not by itself" : `${formatTime(retryMs, null)} UTC`) }, // prettier-ignore
];

export interface HereCausePageProps {
  readonly page: PageContext;
  readonly cause: HereCause;
  readonly items: readonly HereItem[];
  readonly next: string | null;
  readonly job: DeskJob | null;
}

export const hereColumns: readonly Column<HereItem>[] = [
  { head: "Item", csv: ({ name }) => name, cell: ({ name, source, item }) => <a href={`/intake/here/${name}`}>{/^\d+$/.test(item) ? `${source} #${item}` : `${source}, a customer's fragment`}</a>, isName: true }, // prettier-ignore
  { head: "Store", csv: ({ store }) => store },
  { head: "Epoch", csv: ({ epoch }) => epoch, isFigure: true },
  { head: "Here since", csv: ({ sinceMs }) => new Date(sinceMs).toISOString(), cell: ({ sinceMs }) => `${formatTime(sinceMs, null)} UTC` }, // prettier-ignore
];

export function HereCausePage({ page, cause, items, next, job }: HereCausePageProps) {
  const { means, todo } = hereMeaning(cause.code);
  return (
    <Layout title={means} page={page}>
      <p class="crumbs">
        <a href="/intake">Intake desk</a>
      </p>
      <h1>{means}</h1>
      <p class="subtitle">{todo}</p>
      {cause.of === "event" ? (
        <p class="quiet">
          A replay asks the edge first to read anew all that it has set aside, and then does the
          same here with what is set aside for this reason.
        </p>
      ) : null}
      {job ? <JobPart page={page} job={job} /> : null}
      <ReplayAll page={page} job={job} count={items.length} mayApprove={false}>
        <input type="hidden" name="at" value="here" />
        <input type="hidden" name="of" value={cause.of} />
        <input type="hidden" name="code" value={cause.code} />
      </ReplayAll>
      <DataTable
        id="items"
        title="Items"
        columns={hereColumns}
        rows={items}
        empty="Nothing is set aside for this reason any more."
        csvHref={page.may("export") ? `${hereCauseHref(cause)}&csv=items` : null}
        next={next}
      />
    </Layout>
  );
}

interface ReplayAllProps {
  page: PageContext;
  job: DeskJob | null;
  count: number;
  mayApprove: boolean;
  children: unknown;
}

function ReplayAll({ page, job, count, mayApprove, children }: ReplayAllProps) {
  if (!page.may("intake.replay") || count === 0 || job?.state === "running") return null;
  return (
    <form class="replay" method="post" action="/intake/replays">
      <CsrfField page={page} />
      {children}
      {mayApprove ? (
        <label class="check">
          <input type="checkbox" name="approve" value="1" /> I have looked at them: the rules of the
          account shall not hold them up
        </label>
      ) : null}
      <button type="submit" class="primary" data-key="r">
        Replay all like this
      </button>
    </form>
  );
}

export function AwayPage({ page }: { page: PageContext }) {
  return (
    <Layout title="Intake" page={page}>
      <p class="crumbs">
        <a href="/intake">Intake desk</a>
      </p>
      <h1>The edge cannot be reached</h1>
      <Notice tone="bad">
        This lies at the edge, and it does not answer at the moment. Nothing was changed, and
        nothing is lost: load the page again in a while.
      </Notice>
    </Layout>
  );
}
