/** @jsxImportSource hono/jsx */
import type { Breach } from "../../quality/breaches.ts";
import type { PublishedQualityPolicy } from "../../quality/policies.ts";
import { type Series, sumOf } from "../../quality/series.ts";
import { DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatTime } from "../format.ts";
import { Figure, Layout } from "../layout.tsx";
import { type QualityTables, qualityTables } from "./tables.tsx";
import { breachWords, perThousand, shareWords } from "./words.ts";

export interface QualityPageProps {
  readonly page: PageContext;
  readonly series: readonly Series[];
  readonly breaches: readonly Breach[];
  readonly published: PublishedQualityPolicy;
  /** The last complete day (UTC), up to which the figures are. */
  readonly day: string;
  /** Rows that have arrived and are not in the figures yet. */
  readonly uncounted: number;
}

export function QualityPage(props: QualityPageProps) {
  const { page, series, breaches, published, day, uncounted } = props;
  const tables = qualityTables(series, breaches, published.policy);
  const hrefOf = (id: keyof QualityTables): string | null =>
    page.may("export") ? `/quality?csv=${id}` : null;
  return (
    <Layout title="Data quality" page={page}>
      <h1>Data quality</h1>
      <p class="subtitle">
        Complete days up to {day}, by the day on which a row was accepted (UTC). What comes today is
        shown tomorrow.
        {uncounted > 0
          ? ` ${formatCountOf(uncounted, "row is", "rows are")} still being counted.`
          : ""}
      </p>
      <Figures series={series} />
      <Breaches breaches={breaches} />
      <DataTable
        id="accepted"
        title="Of use, by channel"
        note="Of everything that was received: rows that were read, those that were refused or are dead letters, and deliveries that still fail at the edge. The last seven days."
        columns={tables.accepted.columns}
        rows={tables.accepted.rows}
        empty="Nothing arrived on the complete days of the last weeks."
        csvHref={hrefOf("accepted")}
      />
      <DataTable
        id="completeness"
        title="Completeness, by channel and field"
        note="How many of the events that could say a field do so, of the last seven days. What was refused could have said it, and counts as not said."
        columns={tables.completeness.columns}
        rows={tables.completeness.rows}
        empty="No claim and no sale arrived on the complete days of the last weeks."
        csvHref={hrefOf("completeness")}
      />
      <DataTable
        id="flags"
        title="Flags, by channel"
        note="Rows that are of use and have something odd about them, of all that were accepted in the last seven days."
        columns={tables.flags.columns}
        rows={tables.flags.rows}
        empty="No row was flagged on the complete days of the last weeks."
        csvHref={hrefOf("flags")}
      />
      <DataTable
        id="duplicates"
        title="Duplicates"
        note="Customers who may be one, customers that were joined and parted, and receipts that a check has found twice."
        columns={tables.duplicates.columns}
        rows={tables.duplicates.rows}
        empty="Not counted yet: this takes a while after the first start."
        csvHref={hrefOf("duplicates")}
      />
      <section aria-labelledby="rules">
        <h2 id="rules">What is asked for</h2>
        <p>
          {published.publishedMs === null || published.by === null
            ? "The rules that Regulars comes with are in force."
            : `Version ${published.policy.version} is in force, published by ${published.by} on ${formatTime(published.publishedMs, null)} UTC.`}{" "}
          <a href="/policy/quality">Required fields and thresholds</a>
        </p>
        <p class="quiet">
          A share drifts when it is far from the median of the 28 days before: more than the
          threshold times the usual spread, which is the median deviation or what chance alone does,
          whichever is more. At least 14 days of 30 rows are compared, and a change of less than two
          points is none. At the threshold of 4, a share that only scatters is called a drift less
          than once in a thousand days.
        </p>
      </section>
    </Layout>
  );
}

function Figures({ series }: { series: readonly Series[] }) {
  const accepted = series.filter(({ measure }) => measure === "accepted");
  const sums = accepted.map((each) => sumOf(each, 7));
  const received = sums.reduce((sum, { of }) => sum + of, 0);
  const ofUse = sums.reduce((sum, { count }) => sum + count, 0);
  const of = (measure: string) => series.find((each) => each.measure === measure);
  const potential = of("potential")?.days.findLast((day) => day.of > 0);
  const merges = of("merges");
  return (
    <dl class="figures">
      <Figure
        label="Of use, last 7 days"
        note={`${formatCount(ofUse)} of ${formatCount(received)} rows`}
        href="#accepted"
      >
        {received === 0 ? "–" : shareWords(ofUse / received)}
      </Figure>
      <Figure
        label="Refused, last 7 days"
        note="dead letters and failed deliveries among them"
        href="/intake"
      >
        {formatCount(received - ofUse)}
      </Figure>
      <Figure
        label="Potential matches per 1,000"
        note={potential ? `${formatCount(potential.count)} pairs` : "not counted yet"}
        href="/matches"
      >
        {potential ? perThousand(potential.count / potential.of) : "–"}
      </Figure>
      <Figure label="Customers joined, last 7 days" href="/quality/days?measure=merges">
        {formatCount(merges ? sumOf(merges, 7).count : 0)}
      </Figure>
    </dl>
  );
}

function Breaches({ breaches }: { breaches: readonly Breach[] }) {
  if (breaches.length === 0) {
    return (
      <section aria-labelledby="breaches">
        <h2 id="breaches">Past a threshold</h2>
        <p class="empty">Nothing: all figures are within what is asked for.</p>
      </section>
    );
  }
  return (
    <section aria-labelledby="breaches">
      <h2 id="breaches">Past a threshold</h2>
      <ul class="breaches">
        {breaches.map((breach) => (
          <li>
            <span class="dot bad">{breachWords(breach)}</span>{" "}
            <a href={daysHref(breach)}>Day by day</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function daysHref({ measure, part }: Breach): string {
  const [first = "", ...rest] = part.split("/");
  const of =
    measure === "drift"
      ? { measure: first, part: rest.join("/") }
      : { measure: measure === "completeness" ? "field" : measure, part };
  return `/quality/days?${new URLSearchParams(of).toString()}`;
}
