/** @jsxImportSource hono/jsx */
import {
  filterQuery,
  type Filters,
  LIST_STATES,
  NOBODY,
} from "../../reconcile/exceptions/filters.ts";
import { EXCEPTION_KINDS, SEVERITIES } from "../../reconcile/exceptions/read.ts";
import { CHECK_TITLES, titleOf } from "../../reconcile/exceptions/words.ts";
import { KINDS } from "../../reconcile/found.ts";
import { Field } from "../parts.tsx";
import type { Colleague } from "./people.ts";

const STATE_NAMES: Readonly<Record<Filters["state"], string>> = {
  todo: "To do",
  open: "Open",
  explained: "Explained",
  approved: "Approved",
  settled: "Settled by new data",
  all: "All",
};

export interface FilterFormProps {
  readonly filters: Filters;
  readonly colleagues: readonly Colleague[];
}

export function FilterForm({ filters, colleagues }: FilterFormProps) {
  return (
    <form
      class="toolbar exception-filters"
      method="get"
      action="/exceptions"
      role="search"
      aria-label="Exceptions"
    >
      <Field id="state" label="State">
        <select id="state" name="state">
          {LIST_STATES.map((state) => (
            <option value={state} selected={filters.state === state}>
              {STATE_NAMES[state]}
            </option>
          ))}
        </select>
      </Field>
      <Field id="severity" label="Severity">
        <select id="severity" name="severity">
          <option value="">Any</option>
          {SEVERITIES.map((severity) => (
            <option value={severity} selected={filters.severity === severity}>
              {severity.charAt(0).toUpperCase() + severity.slice(1)}
            </option>
          ))}
        </select>
      </Field>
      <Field id="kind" label="What">
        <select id="kind" name="kind">
          <option value="">Anything</option>
          {[...Map.groupBy(EXCEPTION_KINDS, (kind) => KINDS[kind].check)].map(([check, kinds]) => (
            <optgroup label={CHECK_TITLES[check]}>
              {kinds.map((kind) => (
                <option value={kind} selected={filters.kind === kind}>
                  {titleOf(kind)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </Field>
      <Field id="store" label="Store">
        <input
          id="store"
          name="store"
          value={filters.store ?? ""}
          placeholder="Any"
          autocomplete="off"
          size={12}
          maxlength={64}
        />
      </Field>
      <Field id="day" label="Day">
        <input id="day" name="day" type="date" value={filters.day ?? ""} />
      </Field>
      <Field id="assignee" label="With">
        <select id="assignee" name="assignee">
          <option value="">Anybody</option>
          <option value={NOBODY} selected={filters.assignee === NOBODY}>
            Nobody yet
          </option>
          {colleagues.map(({ id, name }) => (
            <option value={id} selected={filters.assignee === id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <button type="submit">Show</button>
      {filterQuery(filters) === "" ? null : <a href="/exceptions">Clear</a>}
    </form>
  );
}
