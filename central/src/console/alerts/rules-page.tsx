/** @jsxImportSource hono/jsx */
import { ALERT_KINDS, type AlertKind, SEVERITIES, type StandingRules } from "../../alerts/rules.ts";
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { CsrfField } from "../layout.tsx";
import { describedBy, Field, Notice } from "../parts.tsx";
import { AlertsLayout } from "./parts.tsx";
import { type RuleFields, THRESHOLDS } from "./rules-form.ts";
import { KIND_WORDS } from "./words.ts";

export interface RulesPageProps {
  readonly page: PageContext;
  readonly standing: StandingRules;
  /** Name of whoever has published them. */
  readonly by: string | null;
  readonly fields: RuleFields;
  readonly errors: Readonly<Record<string, string>>;
  readonly notice: "saved" | "conflict" | null;
  readonly nowMs: number;
}

const SEVERITY_NAMES = { info: "Info", warning: "Warning", serious: "Serious" } as const;

export function RulesPage(props: RulesPageProps) {
  const { page, standing, fields, errors, notice } = props;
  const mayChange = page.may("alerts.manage");
  return (
    <AlertsLayout
      page={page}
      title="Rules of alerts"
      subtitle="What is looked for, how serious it is, and when people are told."
    >
      {notice === "saved" ? <Notice tone="good">These rules are in force.</Notice> : null}
      {notice === "conflict" ? <Conflict {...props} /> : null}
      {Object.keys(errors).length > 0 ? (
        <Notice tone="bad">Nothing was changed. Look at what is marked below.</Notice>
      ) : null}
      <form method="post" action="/alerts/rules" class="rules">
        <CsrfField page={page} />
        <input type="hidden" name="version" value={standing.version} />
        <fieldset disabled={!mayChange} class="bare" aria-label="What is looked for">
          {ALERT_KINDS.map((kind) => (
            <KindFields kind={kind} fields={fields} errors={errors} />
          ))}
        </fieldset>
        <fieldset disabled={!mayChange}>
          <legend>When people are told</legend>
          <div class="row">
            <TextField
              name="quiet.from"
              label="Quiet from"
              type="time"
              fields={fields}
              errors={errors}
            />
            <TextField
              name="quiet.to"
              label="Quiet until"
              type="time"
              fields={fields}
              errors={errors}
            />
            <TextField
              name="zone"
              label="In the zone"
              type="text"
              fields={fields}
              errors={errors}
            />
            <TextField
              name="remindHours"
              label="Remind after hours"
              type="number"
              fields={fields}
              errors={errors}
            />
          </div>
          <p class="hint">
            In quiet hours only what is serious is told; the rest waits until they are over. Serious
            alerts that still stand are told again after these hours; 0 is never.
          </p>
        </fieldset>
        {mayChange ? (
          <p class="actions">
            <button type="submit" class="primary">
              Put into force
            </button>
            <span class="quiet">{versionWords(props)}</span>
          </p>
        ) : (
          <p class="quiet">{versionWords(props)} Your role may read them, and not change them.</p>
        )}
      </form>
    </AlertsLayout>
  );
}

function Conflict(props: RulesPageProps) {
  return (
    <Notice tone="bad">
      Somebody else was quicker: {versionWords(props)} Nothing of yours is lost, it stands in the
      fields. Put it into force to replace theirs, or <a href="/alerts/rules">look at theirs</a>{" "}
      first.
    </Notice>
  );
}

function versionWords({ standing, by, nowMs }: RulesPageProps): string {
  const { version, publishedMs, rules } = standing;
  if (publishedMs === null) return "These are the rules that Regulars comes with.";
  return `Version ${version}, by ${by ?? "somebody who is no longer here"}, ${formatTime(publishedMs, rules.zone, nowMs)}.`;
}

interface FieldsProps {
  readonly fields: RuleFields;
  readonly errors: Readonly<Record<string, string>>;
}

function KindFields({ kind, fields, errors }: FieldsProps & { kind: AlertKind }) {
  const { name, when } = KIND_WORDS[kind];
  const severity = `${kind}.severity`;
  return (
    <div class="panel alert-rule" role="group" aria-labelledby={`${kind}-name`}>
      <h2>
        <label class="check" id={`${kind}-name`}>
          <input
            type="checkbox"
            name={`${kind}.isOn`}
            value="on"
            checked={fields[`${kind}.isOn`] === "on"}
          />
          {name}
        </label>
      </h2>
      <p class="hint">{when}</p>
      <div class="row">
        <Field id={severity} label="It is" error={errors[severity] ?? null}>
          <select
            name={severity}
            {...describedBy({ id: severity, error: errors[severity] ?? null })}
          >
            {SEVERITIES.map((each) => (
              <option value={each} selected={fields[severity] === each}>
                {SEVERITY_NAMES[each]}
              </option>
            ))}
          </select>
        </Field>
        {THRESHOLDS[kind].map((threshold) => (
          <TextField
            name={`${kind}.${threshold.name}`}
            label={threshold.label}
            type="number"
            fields={fields}
            errors={errors}
          />
        ))}
      </div>
    </div>
  );
}

function TextField({
  name,
  label,
  type,
  fields,
  errors,
}: FieldsProps & { name: string; label: string; type: "text" | "time" | "number" }) {
  const error = errors[name] ?? null;
  return (
    <Field id={name} label={label} error={error}>
      <input
        type={type}
        name={name}
        value={fields[name] ?? ""}
        {...(type === "number" ? { min: 0, inputmode: "numeric" as const } : {})}
        required
        {...describedBy({ id: name, error })}
      />
    </Field>
  );
}
