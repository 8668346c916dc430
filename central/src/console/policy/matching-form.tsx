/** @jsxImportSource hono/jsx */
import { KEY_KINDS } from "@regulars/shared/identity/key";
import { keyRuleOf, type MatchingPolicy } from "../../matching/policy.ts";
import { keyKindWords } from "./words.ts";

export function MatchingFields({ policy }: { policy: MatchingPolicy }) {
  return (
    <>
      <div class="rules">
        {KEY_KINDS.map((kind) => (
          <KeyFields kind={kind} policy={policy} />
        ))}
      </div>
      <fieldset class="single">
        <legend>What protects</legend>
        <label>
          Sources that know each customer once
          <input name="onePerSource" value={policy.onePerSource.join(", ")} autocomplete="off" />
        </label>
        <NumberField
          name="bridge"
          label="One link joins two groups from (bits)"
          value={policy.bridge}
          min={-100}
          max={100}
          step="0.1"
        />
        <NumberField
          name="ambiguity"
          label="Fits two people within (bits)"
          value={policy.ambiguity}
          min={0}
          max={100}
          step="0.1"
        />
        <NumberField
          name="clusterMax"
          label="Largest customer (source records)"
          value={policy.clusterMax}
          min={2}
          max={100_000}
        />
      </fieldset>
    </>
  );
}

function KeyFields({ kind, policy }: { kind: string; policy: MatchingPolicy }) {
  const rule = keyRuleOf(policy, kind);
  const blocked = Object.entries(policy.blocked).find(([name]) => name === kind)?.[1] ?? [];
  return (
    <fieldset>
      <legend>{keyKindWords(kind)}</legend>
      <NumberField
        name={`${kind}.strength`}
        label="Strength (0 proves nothing)"
        value={rule.strength}
        min={0}
        max={9}
      />
      <NumberField
        name={`${kind}.values`}
        label="Most of them a person"
        value={rule.limit?.values ?? null}
        min={1}
        max={100_000}
      />
      <NumberField
        name={`${kind}.days`}
        label="… first seen within (days)"
        value={rule.limit?.days ?? null}
        min={1}
        max={36_500}
      />
      <NumberField
        name={`${kind}.people`}
        label="Proves nothing on more people than"
        value={rule.people}
        min={1}
        max={1_000_000}
      />
      <label class="check">
        <input type="checkbox" name={`${kind}.unique`} value="1" checked={rule.unique} /> Two
        different ones are two people
      </label>
      <label class="check">
        <input type="checkbox" name={`${kind}.device`} value="1" checked={rule.device === true} /> A
        device: joins nobody
      </label>
      <label class="wide">
        Values that are nobody's, a pattern a line
        <textarea name={`${kind}.blocked`} rows={Math.max(1, blocked.length)} spellcheck={false}>
          {blocked.join("\n")}
        </textarea>
      </label>
    </fieldset>
  );
}

interface NumberFieldProps {
  name: string;
  label: string;
  /** Null: none is set, and none need be. */
  value: number | null;
  min: number;
  max: number;
  step?: string;
}

export function NumberField({ name, label, value, min, max, step = "1" }: NumberFieldProps) {
  return (
    <label>
      {label}
      <input
        type="number"
        name={name}
        value={value ?? ""}
        min={min}
        max={max}
        step={step}
        inputmode="decimal"
      />
    </label>
  );
}
