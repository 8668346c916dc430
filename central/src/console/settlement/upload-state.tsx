/** @jsxImportSource hono/jsx */
import { fileRefusalWords, lineProblemWords } from "../../reconcile/settlement/refusal.ts";
import { isTakeable, type Survey } from "../../reconcile/settlement/survey.ts";
import type { Upload } from "../../reconcile/settlement/uploads.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatMoney } from "../format.ts";
import { CsrfField, Figure } from "../layout.tsx";
import { Notice } from "../parts.tsx";
import { MEANING_WORDS } from "./mapping-words.ts";
import { daysWords } from "./settlement-page.tsx";

export interface UploadStateProps {
  readonly page: PageContext;
  readonly upload: Upload;
}

/** Draws itself anew while work is under way; without a script by its link. */
export function UploadState(props: UploadStateProps) {
  const { upload, page } = props;
  const path = `/settlement/uploads/${upload.id}`;
  const { state } = upload;
  if (state.is === "reading" || state.is === "importing") {
    return (
      <div
        id="state"
        class="panel settlement-state-panel"
        hx-get={`${path}/state`}
        hx-trigger="every 1s"
        hx-swap="outerHTML"
      >
        <p role="status">
          {state.is === "reading" ? "Looking through the file" : "Taking the file in"}:{" "}
          {formatCountOf(upload.progress, "line")} so far. You can leave this page and come back.
        </p>
        <progress aria-label="Lines read"></progress>
        <noscript>
          <p>
            <a href={path}>Look again</a>
          </p>
        </noscript>
      </div>
    );
  }
  return (
    <div id="state">
      <StateWords {...props} />
      {state.is === "read" ? <SurveyFigures survey={state.survey} /> : null}
      {state.is === "read" && isTakeable(state.survey) ? (
        <form class="actions settlement-take" method="post" action={`${path}/take`}>
          <CsrfField page={page} />
          <button type="submit" class="primary" data-key="t">
            Take it in <kbd>t</kbd>
          </button>
          <button type="submit" formaction={`${path}/drop`}>
            Leave it
          </button>
        </form>
      ) : null}
    </div>
  );
}

function StateWords({ upload: { state, draft } }: UploadStateProps) {
  switch (state.is) {
    case "unmapped": {
      const missing = (["amount", "reference", "date"] as const).filter(
        (each) => draft.columns[each] === undefined,
      );
      const names = missing.map((each) => MEANING_WORDS[each].name.toLowerCase()).join(", ");
      return (
        <Notice tone="waiting">
          {names === ""
            ? "Some of what stands in the form below cannot be used."
            : `Choose below which columns are: ${names}.`}
        </Notice>
      );
    }
    case "read":
      return isTakeable(state.survey) ? (
        <Notice tone="good">
          {`${formatCountOf(state.survey.lines, "payment")} can be taken in. Nothing was written yet.`}
        </Notice>
      ) : (
        <SurveyProblems survey={state.survey} />
      );
    case "imported": {
      const { file, lines, known } = state.imported;
      return (
        <Notice tone="good">
          {`Taken in: ${formatCountOf(lines, "payment")}${known === 0 ? "" : `; ${formatCount(known)} were known from files before`}. `}
          <a href={`/settlement/files/${file}`}>See what it brought</a>
        </Notice>
      );
    }
    case "refused": {
      const { refusal } = state;
      if (refusal.is === "survey") return <SurveyProblems survey={refusal.survey} />;
      return (
        <Notice tone="bad">{`${fileRefusalWords(refusal.refusal)} Nothing was taken in.`}</Notice>
      );
    }
    case "failed":
      return (
        <Notice tone="bad">
          Something broke here; it was logged. Nothing was taken in. Try again.
        </Notice>
      );
    case "reading":
    case "importing":
      return null;
  }
}

function SurveyProblems({ survey }: { survey: Survey }) {
  const { refusal, problems, problemCount } = survey;
  if (refusal !== null) {
    return <Notice tone="bad">{`${fileRefusalWords(refusal)} Nothing was taken in.`}</Notice>;
  }
  const more = problemCount - problems.length;
  return (
    <>
      <Notice tone="bad">
        {`${formatCountOf(problemCount, "thing")} ${problemCount === 1 ? "does" : "do"} not fit, so nothing is taken in: a file is taken whole or not at all.`}
      </Notice>
      <ul class="settlement-problems">
        {problems.map((problem) => (
          <li>{lineProblemWords(problem)}</li>
        ))}
        {more > 0 ? <li class="quiet">and {formatCount(more)} more</li> : null}
      </ul>
    </>
  );
}

function SurveyFigures({ survey }: { survey: Survey }) {
  const { currency, lines, skipped, refunds, amountMinor, feeMinor, storeDays, stores } = survey;
  if (currency === null) return null;
  return (
    <dl class="figures">
      <Figure label="Payments" note={`${formatCountOf(refunds, "refund")} among them`}>
        {formatCount(lines)}
      </Figure>
      <Figure label="Amount" note="gross, less refunds">
        {formatMoney(amountMinor, currency)}
      </Figure>
      <Figure label="Fees" note="kept by the processor">
        {formatMoney(feeMinor, currency)}
      </Figure>
      <Figure label="Store-days" note={daysWords(survey.firstDay, survey.lastDay) ?? ""}>
        {formatCount(storeDays)}
      </Figure>
      <Figure
        label="Stores"
        note={stores.slice(0, 3).join(", ") + (stores.length > 3 ? ", …" : "")}
      >
        {formatCount(stores.length)}
      </Figure>
      <Figure label="Left out" note="other kinds, or no money">
        {formatCount(skipped)}
      </Figure>
    </dl>
  );
}
