/** @jsxImportSource hono/jsx */
import { customerIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type EvidenceLine, evidenceLines } from "../../reconcile/exceptions/evidence.ts";
import { filterQuery } from "../../reconcile/exceptions/filters.ts";
import type { StoredException } from "../../reconcile/exceptions/read.ts";
import { CHECK_TITLES, wordsOf } from "../../reconcile/exceptions/words.ts";
import { KINDS } from "../../reconcile/found.ts";
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { Layout, Time } from "../layout.tsx";
import { Badge, Facts, Notice, SeverityBadge } from "../parts.tsx";
import { Decisions, type DecisionsProps } from "./decisions.tsx";
import { ENTRY_TONES, entryWords, STATE_WORDS } from "./life-words.ts";

export interface ExceptionPageProps extends DecisionsProps {
  readonly next: number | null;
  readonly previous: number | null;
  /** What was just done with the one before it. */
  readonly done: string | null;
}

export function ExceptionPage(props: ExceptionPageProps) {
  const { page, exception, names, done, refusal } = props;
  const words = wordsOf(exception);
  const state = STATE_WORDS[exception.state];
  return (
    <Layout page={page} title={words.title}>
      <Steps {...props} />
      {done === null ? null : <Notice tone="good">{done}</Notice>}
      {refusal === null ? null : <Notice tone="bad">{refusal.words}</Notice>}
      <h1>{words.title}</h1>
      <p class="exception-state">
        <SeverityBadge severity={exception.severity} />
        <Badge tone={state.tone}>{state.words}</Badge>
        <span class="quiet">
          {exception.assignee === null ? "with nobody yet" : `with ${names(exception.assignee)}`}
        </span>
      </p>
      <p class="exception-lead">{words.sentence}</p>
      <div class="exception-sides">
        <div>
          <section class="panel" aria-labelledby="meaning">
            <h2 id="meaning">What it usually is</h2>
            <p>{words.usually}</p>
            <h3>What to do next</h3>
            <p>{words.next}</p>
          </section>
          <EvidenceSection {...props} />
          <LifeSection {...props} />
        </div>
        <aside aria-label="Decide">
          <Decisions {...props} />
          <WhereSection exception={exception} />
        </aside>
      </div>
    </Layout>
  );
}

/** Back to the list, and to the ones beside it. */
function Steps({ filters, next, previous }: ExceptionPageProps) {
  const query = filterQuery(filters);
  return (
    <nav class="exception-steps" aria-label="List">
      <p class="crumbs">
        <a href={`/exceptions${query}`} data-key="u">
          Exceptions
        </a>
      </p>
      <p>
        <Step name="Previous" n={previous} query={query} pressed="k" />
        <Step name="Next" n={next} query={query} pressed="j" />
      </p>
    </nav>
  );
}

function Step(props: { name: string; n: number | null; query: string; pressed: string }) {
  const { name, n, query, pressed } = props;
  if (n === null) {
    return (
      <span class="button plain" aria-disabled="true">
        {name} <kbd>{pressed}</kbd>
      </span>
    );
  }
  return (
    <a class="button plain" href={`/exceptions/${n}${query}`} data-key={pressed}>
      {name} <kbd>{pressed}</kbd>
    </a>
  );
}

function rowHref(
  { store, businessDay }: StoredException,
  row: { source: string; epoch: number; seq: number },
): string {
  const { source, epoch, seq } = row;
  const at = new URLSearchParams({ source, epoch: String(epoch), seq: String(seq) });
  return `/stores/${store}/${businessDay}/rows?${at.toString()}`;
}

function EvidenceValue({ words, href }: { words: string; href: string | null }) {
  return href === null ? <>{words}</> : <a href={href}>{words}</a>;
}

/** What it is about, where that has a page of its own that this person may see. */
function evidenceHref(
  page: PageContext,
  exception: StoredException,
  line: EvidenceLine,
): string | null {
  const { key, value, row } = line;
  if (row !== null) return rowHref(exception, row);
  if (key === "file" && typeof value === "number") return `/settlement/files/${value}`;
  const isCustomer = key === "customer" && customerIdSchema.safeParse(value).success;
  return isCustomer && page.may("customers.read") ? `/customers/${String(value)}` : null;
}

function EvidenceSection({ exception, page }: ExceptionPageProps) {
  const lines = evidenceLines(exception);
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">Evidence</h2>
      {lines.length === 0 ? (
        <p class="empty">The check has said nothing more than the sentence above.</p>
      ) : (
        <table class="still">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Found</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr>
                <th scope="row">{line.name}</th>
                <td>
                  <EvidenceValue words={line.words} href={evidenceHref(page, exception, line)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function LifeSection({ entries, exception, names }: ExceptionPageProps) {
  return (
    <section aria-labelledby="life">
      <h2 id="life">What happened so far</h2>
      <ol class="timeline">
        {entries.map((entry) => (
          <li class={ENTRY_TONES[entry.action] === "none" ? undefined : ENTRY_TONES[entry.action]}>
            <strong>{entryWords(entry, names)}</strong>{" "}
            <Time ms={entry.atMs}>{formatTime(entry.atMs, exception.zone)}</Time>
            {entry.note === null || entry.action === "assigned" ? null : (
              <p class="exception-note">{entry.note}</p>
            )}
          </li>
        ))}
      </ol>
      {entries.length < LIMITS.exceptionEntryRows ? null : (
        <p class="quiet">Older entries are in the audit.</p>
      )}
    </section>
  );
}

function WhereSection({ exception }: { exception: StoredException }) {
  const { store, businessDay, source, epoch, seq, kind, zone } = exception;
  const isRow = source !== null && epoch !== null && seq !== null;
  return (
    <section class="panel exception-where" aria-labelledby="where">
      <h2 id="where">Where</h2>
      <Facts
        facts={[
          ["Store", <a href={`/stores/${store}/${businessDay}`}>{store}</a>],
          ["Business day", businessDay],
          ["Terminal", source],
          [
            "Row",
            isRow ? (
              <a href={rowHref(exception, { source, epoch, seq })}>{`${source}/${epoch}/${seq}`}</a>
            ) : null,
          ],
          ["Check", CHECK_TITLES[KINDS[kind].check]],
          [
            "First found",
            <Time ms={exception.openedMs}>{formatTime(exception.openedMs, zone)}</Time>,
          ],
          [
            "All of the day",
            <a href={`/exceptions${filterQuery({ state: "all", store, day: businessDay })}`}>
              Exceptions
            </a>,
          ],
        ]}
      />
    </section>
  );
}
