/** @jsxImportSource hono/jsx */
import type { Way } from "../../alerts/ways.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCountOf } from "../format.ts";
import { CsrfField } from "../layout.tsx";
import { Badge, Notice, type Tone } from "../parts.tsx";
import { AlertsLayout, isoOf, When } from "./parts.tsx";
import type { MessageRow } from "./queries.ts";
import { failureWords, WAY_NAMES, wayName } from "./words.ts";

export interface WaysPageProps {
  readonly page: PageContext;
  readonly ways: readonly Way[];
  readonly messages: readonly MessageRow[];
  readonly next: string | null;
  /** The test that was just sent. */
  readonly tested: MessageRow | null;
  readonly zone: string;
  readonly nowMs: number;
}

const SET_UP = {
  email: "REGULARS_SMTP_URL, REGULARS_SMTP_FROM and REGULARS_SMTP_TO",
  webhook: "REGULARS_ALERT_WEBHOOK_URL and REGULARS_ALERT_WEBHOOK_SECRET",
} as const;

export function WaysPage(props: WaysPageProps) {
  const { page, ways, messages, next, tested, zone, nowMs } = props;
  return (
    <AlertsLayout
      page={page}
      title="Who is told"
      subtitle="Alerts go out in messages of many. Each goes until somebody has taken it, and is known by its id if it comes twice."
    >
      {tested === null ? null : <Tested message={tested} />}
      <div class="sides ways">
        {(["email", "webhook"] as const).map((name) => (
          <WayPanel page={page} name={name} way={ways.find((each) => each.name === name) ?? null} />
        ))}
      </div>
      <DataTable
        id="messages"
        title="Messages"
        columns={messageColumns(zone, nowMs)}
        rows={messages}
        empty="None was sent yet."
        csvHref={page.may("export") ? "/alerts/ways?csv=messages" : null}
        next={next}
      />
    </AlertsLayout>
  );
}

function Tested({ message }: { message: MessageRow }) {
  const { way, failure, deliveredMs } = message;
  if (deliveredMs !== null) {
    const who = way === "email" ? "The mail server has" : "The webhook has";
    return <Notice tone="good">{who} taken the test message.</Notice>;
  }
  return (
    <Notice tone="bad">The test did not arrive. {failureWords(way, failure ?? "other")}</Notice>
  );
}

function WayPanel({
  page,
  name,
  way,
}: {
  page: PageContext;
  name: "email" | "webhook";
  way: Way | null;
}) {
  return (
    <section class="panel" aria-labelledby={`way-${name}`}>
      <div class="head">
        <h2 id={`way-${name}`}>{WAY_NAMES[name]}</h2>
        {way ? <Badge tone="good">Set up</Badge> : <Badge tone="none">Not set up</Badge>}
      </div>
      {way ? (
        <p>Alerts go to {way.words}.</p>
      ) : (
        <p class="quiet">Set {SET_UP[name]} where the centre is started, and start it again.</p>
      )}
      {way && page.may("alerts.manage") ? (
        <form method="post" action={`/alerts/ways/${name}/test`} class="actions">
          <CsrfField page={page} />
          <button type="submit">Send a test</button>
        </form>
      ) : null}
    </section>
  );
}

function stateOf({ deliveredMs, givenUpMs, attempts }: MessageRow): { tone: Tone; words: string } {
  if (deliveredMs !== null) return { tone: "good", words: "Taken" };
  if (givenUpMs !== null) return { tone: "bad", words: "Given up" };
  return { tone: "waiting", words: attempts === 0 ? "On its way" : "Tried again" };
}

export function messageColumns(zone: string, nowMs: number): Column<MessageRow>[] {
  const when = (ms: number) => <When ms={ms} zone={zone} nowMs={nowMs} />;
  return [
    {
      head: "State",
      csv: (message) => stateOf(message).words,
      cell: (message) => <Badge tone={stateOf(message).tone}>{stateOf(message).words}</Badge>,
    },
    {
      head: "Message",
      isName: true,
      csv: ({ id }) => id,
      cell: ({ isTest, alerts }) => (
        <span class="whole">{isTest ? "A test" : formatCountOf(alerts, "alert")}</span>
      ),
    },
    { head: "Alerts", isFileOnly: true, csv: ({ alerts }) => alerts },
    {
      head: "By",
      csv: ({ way }) => way,
      cell: ({ way }) => <span class="whole">{wayName(way)}</span>,
    },
    {
      head: "Made",
      csv: ({ createdMs }) => isoOf(createdMs),
      cell: ({ createdMs }) => when(createdMs),
    },
    {
      head: "Taken",
      csv: ({ deliveredMs }) => isoOf(deliveredMs),
      cell: ({ deliveredMs }) => (deliveredMs === null ? null : when(deliveredMs)),
    },
    { head: "Attempts", isFigure: true, csv: ({ attempts }) => attempts },
    {
      head: "Last failure",
      csv: ({ failure }) => failure,
      cell: ({ failure, way }) => (failure === null ? null : failureWords(way, failure)),
    },
  ];
}
