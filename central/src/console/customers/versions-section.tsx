/** @jsxImportSource hono/jsx */
import { goldenDifference } from "../../golden/difference.ts";
import type { VersionEntry } from "../../golden/history.ts";
import { formatCount, formatTime } from "../format.ts";
import { Time } from "../layout.tsx";
import { type Granted, shownWords } from "./shown.ts";
import { causeWords, changeWords, fieldChangeWords } from "../words.ts";

export interface VersionsSectionProps {
  readonly granted: Granted;
  readonly customer: string;
  /** One more than is shown, so that the last one can be compared with the one before it. */
  readonly versions: readonly VersionEntry[];
  readonly shown: number;
  readonly zone: string | null;
}

/** The last versions: when and why each was written, and what it says otherwise than the one before. */
export function VersionsSection(props: VersionsSectionProps) {
  const { customer, versions, shown, zone, granted } = props;
  const entries = versions.slice(0, shown);
  const last = entries.at(-1);
  const isMore = versions.length > entries.length && last !== undefined;
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      <ol class="versions">
        {entries.map((entry, at) => (
          <Version entry={entry} before={versions[at + 1] ?? null} zone={zone} granted={granted} />
        ))}
      </ol>
      {isMore ? (
        <p class="pager">
          <a href={`/customers/${customer}?versions=${last.version}#versions`}>Earlier versions</a>
        </p>
      ) : null}
    </section>
  );
}

function Version(props: {
  entry: VersionEntry;
  before: VersionEntry | null;
  zone: string | null;
  granted: Granted;
}) {
  const { entry, before, zone, granted } = props;
  const cause = causeWords(entry.cause);
  const { fields } = goldenDifference(before?.golden ?? null, entry.golden);
  return (
    <li>
      <strong>{formatCount(entry.version)}</strong>
      <span>
        {changeWords(entry.golden, before?.golden ?? null)}
        {cause === null ? null : <span class="quiet"> {cause}</span>}
        {before === null || fields.length === 0 ? null : (
          <ul class="changes">
            {fields.map((field) => (
              <li>{fieldChangeWords(field, (name, value) => shownWords(name, value, granted))}</li>
            ))}
          </ul>
        )}
      </span>
      <Time ms={entry.atMs}>{formatTime(entry.atMs, zone)}</Time>
    </li>
  );
}
