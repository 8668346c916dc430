/** @jsxImportSource hono/jsx */
// Small parts that every place uses, so that the same thing looks and reads the same everywhere.
import type { Child, PropsWithChildren } from "hono/jsx";
import type { Severity } from "../reconcile/found.ts";
import { formatCount } from "./format.ts";

/** `bad` is for whoever works here to look at; `serious` cannot wait. */
export type Tone = "good" | "waiting" | "bad" | "serious" | "info" | "none";

const toneClass = (name: string, tone: Tone): string =>
  tone === "none" ? name : `${name} ${tone}`;

export function Badge({ tone, children }: PropsWithChildren<{ tone: Tone }>) {
  return <span class={toneClass("badge", tone)}>{children}</span>;
}

const SEVERITIES: Readonly<Record<Severity, { tone: Tone; words: string }>> = {
  info: { tone: "info", words: "Info" },
  warning: { tone: "waiting", words: "Warning" },
  serious: { tone: "serious", words: "Serious" },
};

export function SeverityBadge({ severity }: { severity: Severity }) {
  const { tone, words } = SEVERITIES[severity];
  return <Badge tone={tone}>{words}</Badge>;
}

export type DayState = "complete" | "waiting" | "in_question";

const DAY_STATES: Readonly<Record<DayState, { tone: Tone; words: string }>> = {
  complete: { tone: "good", words: "Complete" },
  waiting: { tone: "waiting", words: "Waiting" },
  in_question: { tone: "bad", words: "In question" },
};

export const dayStateWords = (state: DayState): string => DAY_STATES[state].words;

export function DayStateBadge({ state }: { state: DayState }) {
  return <Badge tone={DAY_STATES[state].tone}>{DAY_STATES[state].words}</Badge>;
}

/** A sentence about what has just been done or stands in the way. Told to who cannot see it, too. */
export function Notice({ tone, children }: PropsWithChildren<{ tone: Exclude<Tone, "serious"> }>) {
  return (
    <p class={toneClass("notice", tone)} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </p>
  );
}

export interface Tab {
  readonly href: string;
  readonly name: string;
  readonly count?: number;
  readonly isHere: boolean;
}

export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ href, name, count, isHere }) => (
        <a href={href} aria-current={isHere ? "page" : undefined}>
          {name}
          {count === undefined ? null : <span class="quiet"> {formatCount(count)}</span>}
        </a>
      ))}
    </nav>
  );
}

/** Filters above a table, as links: they work without a script and can be kept as an address. */
export function FilterChips({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <ul class="chips" aria-label={label}>
      {tabs.map(({ href, name, count, isHere }) => (
        <li>
          <a href={href} aria-current={isHere ? "true" : undefined}>
            {name}
            {count === undefined ? null : <span class="quiet"> {formatCount(count)}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Names and values of one thing. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: Child])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value ?? "–"}</dd>
        </>
      ))}
    </dl>
  );
}

export interface FieldProps {
  /** Of the control that stands inside: its `id`; hint and error are `<id>-hint` and `<id>-error`. */
  readonly id: string;
  readonly label: string;
  readonly hint?: Child;
  readonly error?: string | null;
}

/** A control with its label, and what is wrong with it beside it. */
export function Field({ id, label, hint, error = null, children }: PropsWithChildren<FieldProps>) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === null ? null : (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** Of the control inside a `Field`: which words belong to it, and that it is wrong. */
export const describedBy = ({ id, hint, error = null }: Omit<FieldProps, "label">) => ({
  id,
  "aria-describedby":
    [hint === undefined ? [] : `${id}-hint`, error === null ? [] : `${id}-error`]
      .flat()
      .join(" ") || undefined,
  "aria-invalid": error === null ? undefined : ("true" as const),
});

/** How far long work is: the picture and the words. */
export function Progress(props: { label: string; done: number; of: number }) {
  const { label, done, of } = props;
  return (
    <div class="field">
      <span>
        {label}
        <span class="quiet">
          {" "}
          {formatCount(done)} of {formatCount(of)}
        </span>
      </span>
      <progress value={done} max={Math.max(of, 1)} aria-label={label}></progress>
    </div>
  );
}
