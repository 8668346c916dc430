/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import { MEANINGS, STORE_ZONE } from "../../reconcile/settlement/mapping.ts";
import type { Upload } from "../../reconcile/settlement/uploads.ts";
import type { PageContext } from "../environment.ts";
import { CsrfField } from "../layout.tsx";
import { Field } from "../parts.tsx";
import { MEANING_WORDS } from "./mapping-words.ts";
import { Choice, ColumnSelect, StoreSelect } from "./selects.tsx";

export interface MappingSectionProps {
  readonly page: PageContext;
  readonly upload: Upload;
  readonly zones: ReadonlyMap<string, string | null>;
}

export function MappingSection({ page, upload, zones }: MappingSectionProps) {
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
