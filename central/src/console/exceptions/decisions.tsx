/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import { canTake } from "../../reconcile/exceptions/decide.ts";
import { filterQuery, type Filters } from "../../reconcile/exceptions/filters.ts";
import type { ExceptionEntry, StoredException } from "../../reconcile/exceptions/read.ts";
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { CsrfField } from "../layout.tsx";
import { Field } from "../parts.tsx";
import type { Colleague, Names } from "./people.ts";

export interface DecisionsProps {
  readonly page: PageContext;
  readonly exception: StoredException;
  /** Newest first. */
  readonly entries: readonly ExceptionEntry[];
  readonly colleagues: readonly Colleague[];
  readonly names: Names;
  /** The list that it is worked in. */
  readonly filters: Filters;
  /** Why what was just tried was not done; the note is kept, so that nobody writes it twice. */
  readonly refusal: { readonly words: string; readonly note: string } | null;
}

/** A form for each decision that this person can take now. */
export function Decisions(props: DecisionsProps) {
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

type FormProps = DecisionsProps & { action: string; children?: unknown };

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

function ApproveForms(props: DecisionsProps) {
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

function ExplainForm(props: DecisionsProps) {
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

function AssignForms(props: DecisionsProps) {
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

function ReopenForm(props: DecisionsProps) {
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
