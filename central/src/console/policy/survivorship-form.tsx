/** @jsxImportSource hono/jsx */
import { CLAIM_FIELDS } from "@regulars/shared/events/claim";
import { type Policy, type Rule, strategySchema } from "@regulars/shared/survivorship/policy";
import { fieldWords } from "../words.ts";
import { strategyWords } from "./words.ts";

export function SurvivorshipFields({
  policy,
  sources,
}: {
  policy: Policy;
  sources: readonly string[];
}) {
  // prettier-ignore
  const groupOf = (field: string): string =>
    Object.entries(policy.groups).find(([, fields]) => fields.some((each) => each === field))?.[0] ?? ""; // prettier-ignore
  return (
    <>
      <datalist id="sources">
        {sources.slice(0, 200).map((source) => (
          <option value={source} />
        ))}
      </datalist>
      <div class="rules">
        {CLAIM_FIELDS.map((field) => (
          <RuleFields
            name={field}
            label={fieldWords(field)}
            rule={policy.fields[field] ?? null}
            group={groupOf(field)}
          />
        ))}
        <RuleFields name="fallback" label="Every other field" rule={policy.fallback} group={null} />
      </div>
    </>
  );
}

interface RuleFieldsProps {
  name: string;
  label: string;
  /** Null: as every other field. */
  rule: Rule | null;
  /** Null: can be in none. */
  group: string | null;
}

function RuleFields({ name, label, rule, group }: RuleFieldsProps) {
  const isFallback = group === null;
  return (
    <details class="rule" open={isFallback || rule !== null || group !== ""}>
      <summary>
        {label}{" "}
        <span class="quiet">
          {rule === null ? "as every other field" : strategyWords(rule.strategy)}
        </span>
      </summary>
      <fieldset>
        <legend class="unseen">{label}</legend>
        <label>
          Whose word stands
          <select name={`${name}.strategy`}>
            {isFallback ? null : (
              <option value="" selected={rule === null}>
                as every other field
              </option>
            )}
            {strategySchema.options.map((strategy) => (
              <option value={strategy} selected={rule?.strategy === strategy}>
                {strategyWords(strategy)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Between equals
          <select name={`${name}.then`}>
            <option value="" selected={rule?.then === undefined}>
              the newest
            </option>
            {strategySchema.options
              .filter((strategy) => strategy !== "aggregate")
              .map((strategy) => (
                <option value={strategy} selected={rule?.then === strategy}>
                  {strategyWords(strategy)}
                </option>
              ))}
          </select>
        </label>
        <label>
          Sources, best first
          <input
            name={`${name}.priority`}
            list="sources"
            value={rule?.priority?.join(", ") ?? ""}

            autocomplete="off"
          />
        </label>
        <label>
          Never of
          <input
            name={`${name}.skip`}
            value={rule?.skip?.join(", ") ?? ""}

            autocomplete="off"
          />
        </label>
        {isFallback ? null : (
          <label>
            Wins together as
            <input
              name={`${name}.group`}
              value={group}

              pattern="[a-z][A-Za-z]{0,31}"
              autocomplete="off"
            />
          </label>
        )}
      </fieldset>
    </details>
  );
}
