/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import { refusalWords, PairSection } from "../customers/pair-section.tsx";
import { type Granted, isMasked } from "../customers/shown.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf } from "../format.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { nameOf } from "../words.ts";
import type { PairView } from "./read-pair.ts";
import { SideBySide } from "./side-by-side.tsx";
import { oddsWords, reasonWords } from "./words.ts";

export interface MatchProps {
  readonly page: PageContext;
  readonly pair: PairView;
  readonly granted: Granted;
  /** Name of somebody else who is at it. */
  readonly other: string | null;
  /** Where the queue goes on after this pair. */
  readonly after: string;
  /** Of the form: sent twice, it is one decision. */
  readonly decision: string;
  /** What this person has decided just now, to be taken back by one key. */
  readonly last: LastDecision | null;
  /** What has to be told before anything else. */
  readonly told?: Child;
}

export interface LastDecision {
  readonly id: string;
  readonly words: string;
}

export function MatchPage(props: MatchProps) {
  const { page } = props;
  if (page.isPart) return <MatchPart {...props} />;
  return (
    <Layout page={page} title="Potential matches">
      <MatchPart {...props} />
      <script src="/console/ahead.js" defer></script>
    </Layout>
  );
}

/** Of a pair, what is looked at first. */
export function PairPart({ pair, granted }: { pair: PairView; granted: Granted }) {
  const { match, why, views, zones } = pair;
  const sentences =
    match?.reasons.map((each) => reasonWords(each)) ?? (why ? refusalWords(why) : []);
  return (
    <div class="pair">
      <p class="reasons">
        {sentences.join(". ")}
        {sentences.length === 0 ? "" : "."}
        {why === null ? null : <strong> By weight: {oddsWords(why.waterfall.total)}.</strong>}
      </p>
      <SideBySide views={views} zones={zones} granted={granted} />
    </div>
  );
}

function MatchPart(props: MatchProps) {
  const { page, pair, granted, other, last, told } = props;
  const { views, match, why, count } = pair;
  const names = views.map(({ golden }) => nameOf(golden.fields) ?? "somebody without a name");
  const base = `/matches/${views[0].customer}/${views[1].customer}`;
  return (
    <div id="match">
      <div class="head">
        <h1>One person, or two?</h1>
        <p class="quiet">
          <a href="/matches/list">{formatCountOf(count, "pair")} left</a>
          {" · "}
          <a href="/matches/decisions">Decisions</a>
        </p>
      </div>
      <p class="unseen" role="status">
        {`Next: ${names.join(" and ")}. ${formatCount(count)} left.`}
      </p>
      {told}
      {last === null ? null : <LastNotice page={page} last={last} />}
      {other === null ? null : (
        <p class="look" role="status">
          <strong>{other}</strong> is looking at this pair, too.
        </p>
      )}
      {match === null ? (
        <p class="look">These two are no question in the queue, or not any more.</p>
      ) : null}
      <PairPart pair={pair} granted={granted} />
      <div class="beneath">
        {isMasked(granted) && page.may("customers.reveal") ? (
          <form
            method="post"
            action={`${base}/reveal`}
            hx-post={`${base}/reveal`}
            hx-target="#match"
            hx-swap="outerHTML"
          >
            <CsrfField page={page} />
            <button type="submit" class="plain" data-key="c">
              Show contact data <kbd>c</kbd>
            </button>
          </form>
        ) : null}
        {page.may("matches.decide") ? (
          <a
            class="button plain"
            href={`/customers/${views[0].customer}/merge?with=${views[1].customer}`}
            data-key="p"
          >
            What a merge would do <kbd>p</kbd>
          </a>
        ) : null}
      </div>
      {page.may("matches.decide") ? <Verdict {...props} base={base} /> : null}
      {why === null ? null : (
        <PairSection why={why} granted={granted} title="Why they are asked about" />
      )}
      {props.after === "" ? null : (
        <div
          id="ahead"
          hidden
          hx-get={`/matches/ahead?${new URLSearchParams({ after: props.after }).toString()}`}
          hx-trigger="load delay:100ms"
        />
      )}
    </div>
  );
}

function Verdict(props: MatchProps & { base: string }) {
  const { page, pair, after, decision, base } = props;
  return (
    <form
      class="verdict"
      method="post"
      action={base}
      hx-post={base}
      hx-target="#match"
      hx-swap="outerHTML show:window:top"
    >
      <CsrfField page={page} />
      <input type="hidden" name="decision" value={decision} />
      <input type="hidden" name="seen" value={pair.seen} />
      <input type="hidden" name="after" value={after} />
      <button type="submit" name="verdict" value="same" class="primary" data-key="s">
        Same person <kbd>s</kbd>
      </button>
      <button type="submit" name="verdict" value="different" class="primary" data-key="d">
        Different people <kbd>d</kbd>
      </button>
      <button type="submit" name="verdict" value="later" class="plain" data-key="l">
        Later <kbd>l</kbd>
      </button>
      <details class="keys">
        <summary data-key="?">
          Keys <kbd>?</kbd>
        </summary>
        <dl>
          <KeyLine name="s">the same person: both become one customer</KeyLine>
          <KeyLine name="d">different people: they are kept apart, whatever comes</KeyLine>
          <KeyLine name="l">later: it stays in the queue, and the next one is shown</KeyLine>
          <KeyLine name="u">undo what was decided last</KeyLine>
          <KeyLine name="c">show contact data; that is kept in the audit</KeyLine>
          <KeyLine name="p">what a merge would do to both</KeyLine>
        </dl>
      </details>
    </form>
  );
}

function KeyLine({ name, children }: { name: string; children: string }) {
  return (
    <>
      <dt>
        <kbd>{name}</kbd>
      </dt>
      <dd>{children}</dd>
    </>
  );
}

export function LastNotice({ page, last }: { page: PageContext; last: LastDecision }) {
  return (
    <form
      class="last"
      method="post"
      action="/matches/undo"
      hx-post="/matches/undo"
      hx-target="#match"
      hx-swap="outerHTML show:window:top"
    >
      <CsrfField page={page} />
      <input type="hidden" name="decision" value={last.id} />
      <span role="status">{last.words}</span>
      <button type="submit" class="plain" data-key="u">
        Undo <kbd>u</kbd>
      </button>
    </form>
  );
}

/** Nothing waits. */
export function NoMatchPage({ page, last }: { page: PageContext; last: LastDecision | null }) {
  const part = (
    <div id="match">
      <h1>No pair waits</h1>
      {last === null ? null : <LastNotice page={page} last={last} />}
      <p class="empty">
        Whatever can be told apart is; pairs that need a person to look at them come here by
        themselves. <a href="/matches/decisions">Decisions that were taken</a>
      </p>
    </div>
  );
  if (page.isPart) return part;
  return (
    <Layout page={page} title="Potential matches">
      {part}
    </Layout>
  );
}
