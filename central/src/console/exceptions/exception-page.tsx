/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import { canTake } from "../../reconcile/exceptions/decide.ts";
import { evidenceLines } from "../../reconcile/exceptions/evidence.ts";
import { filterQuery, type Filters } from "../../reconcile/exceptions/filters.ts";
import type { ExceptionEntry, StoredException } from "../../reconcile/exceptions/read.ts";
import { CHECK_TITLES, wordsOf } from "../../reconcile/exceptions/words.ts";
import { KINDS } from "../../reconcile/found.ts";
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { CsrfField, Layout, Time } from "../layout.tsx";
import { Badge, Facts, Field, Notice, SeverityBadge } from "../parts.tsx";
import { ENTRY_TONES, entryWords, STATE_WORDS } from "./life-words.ts";
import type { Colleague, Names } from "./people.ts";

export interface ExceptionPageProps {
  readonly page: PageContext;
  readonly exception: StoredException;
  /** Newest first. */
  readonly entries: readonly ExceptionEntry[];
  readonly colleagues: readonly Colleague[];
  readonly names: Names;
  /** The list that it is worked in. */
  readonly filters: Filters;
  readonly next: number | null;
  readonly previous: number | null;
  /** What was just done with the one before it. */
  readonly done: string | null;
  /** Why what was just tried was not done; the note is kept, so that nobody writes it twice. */
  readonly refusal: { readonly words: string; readonly note: string } | null;
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
          <EvidenceSection exception={exception} />
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

function EvidenceSection({ exception }: { exception: StoredException }) {
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
            {lines.map(({ name, words, row }) => (
              <tr>
                <th scope="row">{name}</th>
                <td>{row === null ? words : <a href={rowHref(exception, row)}>{words}</a>}</td>
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

/** A form for each decision that this person can take now. */
function Decisions(props: ExceptionPageProps) {
  const { page, exception } = props;
  const mayWork = page.may("exceptions.work");
  if (!mayWork) {
    return (
      <section class="panel" aria-labelledby="decide">
        <h2 id="decide">Decide</h2>
        <p class="quiet">
          You may look at exceptions. Explaining and approving them is for operations.
        </p>
      </section>
    );
  }
  const isDone = exception.state === "approved" || exception.state === "settled";
  return (
    <section class="panel exception-decide" aria-labelledby="decide">
      <h2 id="decide">Decide</h2>
      {exception.state === "explained" ? <ApproveForms {...props} /> : null}
      {isDone ? <ReopenForm {...props} /> : <ExplainForm {...props} />}
      {canTake("assign", exception) ? <AssignForms {...props} /> : null}
    </section>
  );
}

type FormProps = ExceptionPageProps & { action: string; children?: unknown };

function DecisionForm({ page, exception, filters, action, children }: FormProps) {
  return (
    <form
      class="form"
      method="post"
      action={`/exceptions/${exception.n}/${action}${filterQuery(filters)}`}
    >
      <CsrfField page={page} />
      <input type="hidden" name="version" value={String(exception.version)} />
      {children}
    </form>
  );
}

function ApproveForms(props: ExceptionPageProps) {
  const { exception, names, page, entries, refusal } = props;
  const explained = entries.find(({ action }) => action === "explained");
  const isOwn = exception.explainedBy === page.person.id;
  return (
    <>
      <blockquote class="exception-note">
        {explained?.note}
        <footer class="quiet">
          {exception.explainedBy === null ? "" : names(exception.explainedBy)}
          {explained === undefined ? "" : `, ${formatTime(explained.atMs, exception.zone)}`}
        </footer>
      </blockquote>
      {isOwn || !page.may("exceptions.approve") ? (
        <p class="quiet">
          {isOwn
            ? "You have explained this. A colleague has to approve it."
            : "Somebody of operations has to approve it."}
        </p>
      ) : (
        <DecisionForm {...props} action="approve">
          <div class="actions">
            <button type="submit" class="primary" data-key="p">
              Approve <kbd>p</kbd>
            </button>
          </div>
        </DecisionForm>
      )}
      {page.may("exceptions.approve") ? (
        <details class="more-of">
          <summary>Send it back</summary>
          <DecisionForm {...props} action="reject">
            <Field id="reject-note" label="What is missing?">
              <textarea id="reject-note" name="note" required maxlength={LIMITS.noteChars} rows={2}>
                {refusal?.note}
              </textarea>
            </Field>
            <div class="actions">
              <button type="submit" class="danger">
                Send back
              </button>
            </div>
          </DecisionForm>
        </details>
      ) : null}
    </>
  );
}

function ExplainForm(props: ExceptionPageProps) {
  const { exception, refusal } = props;
  const isAgain = exception.state === "explained";
  const form = (
    <DecisionForm {...props} action="explain">
      <Field
        id="note"
        label={isAgain ? "Explain it otherwise" : "What have you found out?"}
        hint="Figures, slips, what the store says. No names of customers."
      >
        <textarea
          id="note"
          name="note"
          required
          maxlength={LIMITS.noteChars}
          rows={4}
          aria-describedby="note-hint"
          data-key={isAgain ? undefined : "e"}
        >
          {refusal?.note}
        </textarea>
      </Field>
      <div class="actions">
        <button type="submit" class={isAgain ? undefined : "primary"}>
          Explain
        </button>
        {isAgain ? null : (
          <span class="quiet">
            press <kbd>e</kbd> to write
          </span>
        )}
      </div>
    </DecisionForm>
  );
  if (!isAgain) return form;
  return (
    <details class="more-of" open={refusal !== null}>
      <summary>Explain it otherwise</summary>
      {form}
    </details>
  );
}

function AssignForms(props: ExceptionPageProps) {
  const { exception, page, colleagues } = props;
  const isMine = exception.assignee === page.person.id;
  return (
    <div class="exception-assign">
      {isMine ? null : (
        <DecisionForm {...props} action="assign">
          <input type="hidden" name="to" value={page.person.id} />
          <div class="actions">
            <button type="submit" data-key="a">
              Assign to me <kbd>a</kbd>
            </button>
          </div>
        </DecisionForm>
      )}
      <DecisionForm {...props} action="assign">
        <div class="row">
          <Field id="to" label="Assign to">
            <select id="to" name="to">
              <option value="">Nobody</option>
              {colleagues.map(({ id, name }) => (
                <option value={id} selected={exception.assignee === id}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
          <button type="submit">Assign</button>
        </div>
      </DecisionForm>
    </div>
  );
}

function ReopenForm(props: ExceptionPageProps) {
  return (
    <details class="more-of" open={props.refusal !== null}>
      <summary>Open it again</summary>
      <DecisionForm {...props} action="reopen">
        <Field id="note" label="Why?">
          <textarea id="note" name="note" required maxlength={LIMITS.noteChars} rows={3}>
            {props.refusal?.note}
          </textarea>
        </Field>
        <div class="actions">
          <button type="submit">Open again</button>
        </div>
      </DecisionForm>
    </details>
  );
}
