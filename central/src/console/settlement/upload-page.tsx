/** @jsxImportSource hono/jsx */
// One file between being sent and being taken in: what it would bring, and what its columns mean.
import { LIMITS } from "@regulars/shared/limits";
import {
  fileRefusalWords,
  lineProblemWords,
  LINE_REASONS,
} from "../../reconcile/settlement/refusal.ts";
import { MEANINGS, STORE_ZONE } from "../../reconcile/settlement/mapping.ts";
import { createLineReader, type ReadLine } from "../../reconcile/settlement/read-line.ts";
import { isTakeable, mappingRefusal, type Survey } from "../../reconcile/settlement/survey.ts";
import { mappingOf, type Upload } from "../../reconcile/settlement/uploads.ts";
import type { Names } from "../exceptions/people.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatMoney, formatTime } from "../format.ts";
import { CsrfField, Figure, Layout } from "../layout.tsx";
import { Field, Notice } from "../parts.tsx";
import { MEANING_WORDS, SHAPE_NAMES } from "./mapping-words.ts";
import { daysWords } from "./settlement-page.tsx";

export interface UploadPageProps {
  readonly page: PageContext;
  readonly upload: Upload;
  readonly zones: ReadonlyMap<string, string | null>;
  readonly names: Names;
  readonly today: string;
  /** What is wrong with the form that was just sent. */
  readonly formError: string | null;
}

export function UploadPage(props: UploadPageProps) {
  const { page, upload, names, formError } = props;
  const { remembered, state } = upload;
  return (
    <Layout page={page} title="Import a settlement file">
      <p class="crumbs">
        <a href="/settlement">Settlement</a>
      </p>
      <h1>{upload.name}</h1>
      <p class="subtitle">
        {SHAPE_NAMES[upload.draft.shape]}, {formatCount(Math.ceil(upload.bytes / 1024))} kB,{" "}
        {formatCountOf(upload.sample.header.length, "column")}.{" "}
        {remembered === null
          ? "Its columns were guessed; look whether they are right."
          : `Files like this were read as ${names(remembered.by)} has confirmed on ${formatTime(remembered.atMs, null)}.`}
      </p>
      {formError === null ? null : <Notice tone="bad">{formError}</Notice>}
      <UploadState {...props} />
      {state.is === "imported" || state.is === "importing" ? null : (
        <>
          <PreviewSection {...props} />
          <MappingForm {...props} />
        </>
      )}
    </Layout>
  );
}

/** Draws itself anew while work is under way; without a script by its link. */
export function UploadState(props: UploadPageProps) {
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

function StateWords({ upload: { state, draft } }: UploadPageProps) {
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
      <Figure label="Store-days" note={`${daysWords(survey.firstDay, survey.lastDay) ?? ""}`}>
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

/** The first rows, as they are read now. */
function PreviewSection({ upload, zones, today }: UploadPageProps) {
  const { sample, draft } = upload;
  const mapping = mappingOf(draft);
  if (mapping === null || mappingRefusal(mapping, sample.header) !== null) return null;
  const reader = createLineReader({ mapping, header: sample.header, zones, today });
  const rows = sample.rows.slice(0, LIMITS.settlementShownRows);
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">The first rows, as they are read</h2>
      <div class="scroll">
        <table class="still settlement-preview">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Day</th>
              <th scope="col">Store</th>
              <th scope="col">Reference</th>
              <th scope="col" class="number">
                Amount
              </th>
              <th scope="col" class="number">
                Fee
              </th>
              <th scope="col">Payout</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, cells }) => (
              <PreviewRow line={line} read={reader.read(line, cells)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function PreviewRow({ line, read }: { line: number; read: ReadLine }) {
  if (read.is === "other") {
    return (
      <tr class="mark-quiet">
        <th scope="row">{formatCount(line)}</th>
        <td colspan={6}>Left out: of another kind, or about no money</td>
      </tr>
    );
  }
  if (read.is === "bad") {
    return (
      <tr class="mark-bad">
        <th scope="row">{formatCount(line)}</th>
        <td colspan={6}>
          {read.problems
            .map(({ column, reason }) => `${column ?? "line"}: ${LINE_REASONS[reason]}`)
            .join("; ")}
        </td>
      </tr>
    );
  }
  const { businessDay, store, reference, amountMinor, feeMinor, currency, batch } = read.line;
  return (
    <tr>
      <th scope="row">{formatCount(line)}</th>
      <td>{businessDay}</td>
      <td>{store}</td>
      <td class="id">{reference}</td>
      <td class="number">{formatMoney(amountMinor, currency)}</td>
      <td class="number">{feeMinor === null ? "–" : formatMoney(feeMinor, currency)}</td>
      <td class="id">{batch ?? "–"}</td>
    </tr>
  );
}

function MappingForm({ page, upload, zones }: UploadPageProps) {
  const { draft, sample, state } = upload;
  const stores = [...zones.keys()];
  const survey = state.is === "read" ? state.survey : null;
  const places = [...new Set([...Object.keys(draft.stores), ...(survey?.unknownStores ?? [])])];
  return (
    <section aria-labelledby="mapping">
      <h2 id="mapping">What its columns mean</h2>
      <form
        class="panel settlement-mapping"
        method="post"
        action={`/settlement/uploads/${upload.id}/mapping`}
      >
        <CsrfField page={page} />
        <fieldset class="settlement-columns">
          <legend>Columns</legend>
          {MEANINGS.map((meaning) => (
            <Field
              id={`column-${meaning}`}
              label={MEANING_WORDS[meaning].name}
              hint={MEANING_WORDS[meaning].hint}
            >
              <select
                id={`column-${meaning}`}
                name={`column-${meaning}`}
                aria-describedby={`column-${meaning}-hint`}
              >
                <option value="">None</option>
                {sample.header.map((name) => (
                  <option value={name} selected={draft.columns[meaning] === name}>
                    {name}
                  </option>
                ))}
              </select>
            </Field>
          ))}
        </fieldset>
        <fieldset class="settlement-columns">
          <legend>How it is written</legend>
          <Choice
            id="delimiter"
            label="Columns are parted by"
            value={draft.delimiter}
            options={[
              [",", "Comma"],
              [";", "Semicolon"],
              ["\t", "Tab"],
              ["|", "Bar"],
            ]}
          />
          <Choice
            id="decimalMark"
            label="Decimal mark"
            value={draft.decimalMark}
            options={[
              [".", "Point: 1,204.50"],
              [",", "Comma: 1.204,50"],
            ]}
          />
          <Choice
            id="dateOrder"
            label="Dates"
            value={draft.dateOrder}
            options={[
              ["ymd", "Year first"],
              ["dmy", "Day first"],
              ["mdy", "Month first"],
            ]}
          />
          <Field
            id="zone"
            label="Times are of the zone"
            hint={`“${STORE_ZONE}”, or such as UTC or Europe/London`}
          >
            <input
              id="zone"
              name="zone"
              value={draft.zone}
              maxlength={64}
              autocomplete="off"
              spellcheck={false}
            />
          </Field>
          <Field id="dayFromHour" label="A business day begins at" hint="Hour of the store's clock">
            <input
              id="dayFromHour"
              name="dayFromHour"
              type="number"
              min={0}
              max={11}
              value={String(draft.dayFromHour)}
            />
          </Field>
          <Choice
            id="feeSign"
            label="Fees are written"
            value={draft.feeSign}
            options={[
              ["positive", "As positive numbers"],
              ["negative", "As negative numbers"],
            ]}
          />
          <Field id="currency" label="Currency" hint="Where no column says so">
            <input
              id="currency"
              name="currency"
              value={draft.currency ?? ""}
              maxlength={3}
              size={5}
              autocomplete="off"
              placeholder="GBP"
            />
          </Field>
          <Field id="store" label="Store" hint="Where no column says so">
            <StoreSelect id="store" name="store" stores={stores} value={draft.store ?? ""} />
          </Field>
        </fieldset>
        <fieldset class="settlement-columns">
          <legend>Which lines</legend>
          <Field
            id="onlyColumn"
            label="Only lines whose"
            hint="Payouts and transfers are no payments"
          >
            <ColumnSelect id="onlyColumn" header={sample.header} value={draft.only?.column ?? ""} />
          </Field>
          <Field id="onlyValues" label="is one of" hint="With commas between them">
            <input
              id="onlyValues"
              name="onlyValues"
              value={draft.only?.values.join(", ") ?? ""}
              autocomplete="off"
              maxlength={LIMITS.fieldChars}
            />
          </Field>
          <Field
            id="minusColumn"
            label="Money went back where"
            hint="If refunds stand without a sign"
          >
            <ColumnSelect
              id="minusColumn"
              header={sample.header}
              value={draft.minus?.column ?? ""}
            />
          </Field>
          <Field id="minusValues" label="is one of" hint="With commas between them">
            <input
              id="minusValues"
              name="minusValues"
              value={draft.minus?.values.join(", ") ?? ""}
              autocomplete="off"
              maxlength={LIMITS.fieldChars}
            />
          </Field>
        </fieldset>
        {places.length === 0 ? null : (
          <fieldset class="settlement-columns">
            <legend>Which store is meant</legend>
            {places.map((place, at) => (
              <Field id={`place-${at}-store`} label={place}>
                <input type="hidden" name={`place-${at}`} value={place} />
                <StoreSelect
                  id={`place-${at}-store`}
                  name={`place-${at}-store`}
                  stores={stores}
                  value={draft.stores[place] ?? ""}
                />
              </Field>
            ))}
          </fieldset>
        )}
        <div class="actions">
          <button type="submit" data-key="l">
            Look again <kbd>l</kbd>
          </button>
          <button
            type="submit"
            class="plain"
            formaction={`/settlement/uploads/${upload.id}/drop`}
            formnovalidate
          >
            Leave it
          </button>
        </div>
      </form>
    </section>
  );
}

function Choice(props: {
  id: string;
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
}) {
  const { id, label, value, options } = props;
  return (
    <Field id={id} label={label}>
      <select id={id} name={id}>
        {options.map(([option, words]) => (
          <option value={option} selected={option === value}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
}

function ColumnSelect({
  id,
  header,
  value,
}: {
  id: string;
  header: readonly string[];
  value: string;
}) {
  return (
    <select id={id} name={id} aria-describedby={`${id}-hint`}>
      <option value="">All of them count</option>
      {header.map((name) => (
        <option value={name} selected={name === value}>
          {name}
        </option>
      ))}
    </select>
  );
}

function StoreSelect(props: {
  id: string;
  name: string;
  stores: readonly string[];
  value: string;
}) {
  return (
    <select id={props.id} name={props.name}>
      <option value="">None</option>
      {props.stores.map((store) => (
        <option value={store} selected={store === props.value}>
          {store}
        </option>
      ))}
    </select>
  );
}
