/** @jsxImportSource hono/jsx */
import { parseFragmentId } from "@regulars/shared/ids";
import type { CustomerExplanation, PairExplanation, Step } from "../../steward/explain.ts";
import { CLUSTER_NODES, ClusterChart, type ClusterEdge, ClusterLegend, type ClusterNode } from "../charts/cluster.tsx"; // prettier-ignore
import { signed } from "../charts/waterfall.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf } from "../format.ts";
import { CsrfField } from "../layout.tsx";
import { oddsWords, reasonWords } from "../matches/words.ts";
import { keyWords } from "../words.ts";
import type { CustomerView } from "./customer.ts";
import { CustomerFrame } from "./frame.tsx";
import { PairSection } from "./pair-section.tsx";
import { type Granted, isMasked } from "./shown.ts";

export interface LinksPageProps {
  readonly page: PageContext;
  readonly view: CustomerView;
  readonly zone: string | null;
  readonly how: CustomerExplanation;
  readonly granted: Granted;
  /** Of the two records that were asked about. */
  readonly why: { readonly a: string; readonly b: string; readonly pair: PairExplanation } | null;
}

/** More rows say no more than the picture does. */
const ROWS_MAX = 200;

export function LinksPage({ page, view, zone, how, granted, why }: LinksPageProps) {
  const nodes = how.units.map(({ record, records }): ClusterNode => {
    const { source, key } = parseFragmentId(record);
    return { id: record, name: `${source}, ${keyWords(key)}`, records: records.length };
  });
  const edges = how.links.map(edgeOf);
  const numbers = new Map(nodes.map(({ id }, at) => [id, at + 1]));
  const recordCount = how.units.reduce((sum, { records }) => sum + records.length, 0);
  return (
    <CustomerFrame page={page} view={view} zone={zone} at="links" isMasked={isMasked(granted)}>
      {why === null ? null : (
        <PairSection
          why={why.pair}
          granted={granted}
          title={`Why records ${numbers.get(why.a) ?? "–"} and ${numbers.get(why.b) ?? "–"} are one customer`}
        />
      )}
      <section aria-labelledby="picture">
        <h2 id="picture">How this customer came to be</h2>
        {nodes.length < 2 ? (
          <p class="empty">
            {formatCountOf(recordCount, "source record")} that nothing tells apart: there was
            nothing to join.
          </p>
        ) : (
          <>
            <ClusterChart nodes={nodes} edges={edges} />
            <ClusterLegend kinds={new Set(edges.map(({ kind }) => kind))} />
            {nodes.length > CLUSTER_NODES ? (
              <p class="quiet">
                The first {formatCount(CLUSTER_NODES)} of {formatCount(nodes.length)} are drawn.
              </p>
            ) : null}
          </>
        )}
      </section>
      <NodesTable how={how} />
      <LinksTable page={page} view={view} how={how} numbers={numbers} />
      <RefusedList how={how} numbers={numbers} />
    </CustomerFrame>
  );
}

const linkWords = ({ kind, by, weight }: Step): string => {
  if (kind === "deterministic") return `the same ${keyWords(by ?? "").toLowerCase()}`;
  if (kind === "steward") return "a steward's decision";
  return weight === null ? "alike" : oddsWords(weight);
};

const edgeOf = (link: Step): ClusterEdge => ({
  from: link.records[0],
  to: link.records[1],
  kind: link.kind,
  weight: link.weight,
  words: linkWords(link),
});

function NodesTable({ how }: { how: CustomerExplanation }) {
  return (
    <section aria-labelledby="nodes">
      <h2 id="nodes">Records</h2>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col" class="number">
              No.
            </th>
            <th scope="col">Source</th>
            <th scope="col">Known by</th>
            <th scope="col" class="number">
              Source records
            </th>
          </tr>
        </thead>
        <tbody>
          {how.units.slice(0, ROWS_MAX).map(({ record, records }, at) => {
            const { source, key } = parseFragmentId(record);
            const sources = new Set(records.map((id) => parseFragmentId(id).source));
            return (
              <tr>
                <td class="number" data-label="No.">
                  {at + 1}
                </td>
                <th scope="row">
                  {source}
                  {sources.size > 1 ? (
                    <span class="quiet"> and {formatCountOf(sources.size - 1, "more source")}</span>
                  ) : null}
                </th>
                <td data-label="Known by">{keyWords(key)}</td>
                <td class="number" data-label="Source records">
                  {formatCount(records.length)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function LinksTable(props: {
  page: PageContext;
  view: CustomerView;
  how: CustomerExplanation;
  numbers: ReadonlyMap<string, number>;
}) {
  const { page, view, how, numbers } = props;
  if (how.links.length === 0) return null;
  return (
    <section aria-labelledby="links">
      <h2 id="links">Links, in the order in which they were made</h2>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Between</th>
            <th scope="col">By</th>
            <th scope="col" class="number">
              Bits
            </th>
            <th scope="col">
              <span class="unseen">Why</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {how.links.slice(0, ROWS_MAX).map((link) => (
            <tr>
              <th scope="row">
                {numbers.get(link.records[0]) ?? "–"} and {numbers.get(link.records[1]) ?? "–"}
              </th>
              <td data-label="By">
                {linkWords(link)}
                {link.kind === "steward" && link.by !== null ? (
                  <a class="do" href={`/matches/decisions/${link.by}`}>
                    See it
                  </a>
                ) : null}
              </td>
              <td class="number" data-label="Bits">
                {link.weight === null ? "–" : signed(link.weight)}
              </td>
              <td>
                <form method="post" action={`/customers/${view.customer}/links`}>
                  <CsrfField page={page} />
                  <input type="hidden" name="a" value={link.records[0]} />
                  <input type="hidden" name="b" value={link.records[1]} />
                  <button type="submit" class="plain">
                    Why
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What would have brought in somebody else, or is doubtful within. */
function RefusedList(props: { how: CustomerExplanation; numbers: ReadonlyMap<string, number> }) {
  const { how, numbers } = props;
  if (how.refusals.length === 0) return null;
  const named = (record: string): string =>
    numbers.has(record) ? `record ${numbers.get(record)}` : "somebody else's record";
  return (
    <section aria-labelledby="not-joined">
      <h2 id="not-joined">What was not allowed to join</h2>
      <ul class="notes">
        {how.refusals.slice(0, ROWS_MAX).map(({ records, reason }) => (
          <li>
            {named(records[0])} and {named(records[1])}
            <span class="quiet"> {reasonWords(reason)}.</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
