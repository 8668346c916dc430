/** Dead letters, opened anew: what can be taken now leaves the table in the write of its effect (SYN6). */
import { eventsIntakeSchema, fragmentsIntakeSchema } from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { storeIdSchema } from "@regulars/shared/ids";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { planEvents } from "../intake/take-events.ts";
import { type FragmentRules, openFragments, takeFragments } from "../intake/take-fragments.ts";
import type { ArrivedFragment } from "../intake/source-record.ts";

export interface Letter {
  readonly n: number;
  /** Null where it is none of the two, or a fork: those are never merged (SYN2). */
  readonly content:
    | { readonly fragment: ArrivedFragment }
    | { readonly store: string; readonly event: ArrivedEventPayload }
    | null;
}

const fragmentSchema = fragmentsIntakeSchema.shape.fragments.element;
const eventSchema = eventsIntakeSchema.shape.events.element.extend({ store: storeIdSchema });
type ArrivedEventPayload = (typeof eventsIntakeSchema.shape.events.element)["_output"];

export function letterOf(row: Row): Letter {
  const n = numberOf(row, "n");
  if (row["code"] === "fork") return { n, content: null };
  const payload: unknown = JSON.parse(textOf(row, "payload"));
  const fragment = fragmentSchema.safeParse(payload);
  if (fragment.success) return { n, content: { fragment: fragment.data } };
  const parsed = eventSchema.safeParse(payload);
  if (!parsed.success) return { n, content: null };
  const { store, ...event } = parsed.data;
  return { n, content: { store, event } };
}

const forget = (n: number): Statement => ({
  sql: "delete from intake_problem where n = ?",
  args: [n],
});

/** Answers how many were taken. What is old news by now has nothing left to say, and goes as well. */
export async function replayFragments(
  storage: Storage,
  letters: readonly Letter[],
  rules: FragmentRules,
  nowMs: number,
): Promise<number> {
  const opened = letters.flatMap(({ n, content }) => {
    if (!content || !("fragment" in content)) return [];
    const { records } = openFragments({ ...THIS_VERSION, fragments: [content.fragment] });
    return records.map((record) => ({ n, record }));
  });
  if (opened.length === 0) return 0;
  const newest = new Map<string, (typeof opened)[number]["record"]>();
  for (const { record } of opened) {
    if ((newest.get(record.id)?.clock ?? 0) < record.clock) newest.set(record.id, record);
  }
  const also = opened.map(({ n }) => forget(n));
  await takeFragments(storage, { records: [...newest.values()], refused: [] }, rules, nowMs, also);
  return opened.length;
}

/** One after the other: each may be what the next one follows. */
export async function replayEvents(
  storage: Storage,
  letters: readonly Letter[],
  nowMs: number,
): Promise<number> {
  let taken = 0;
  for (const { n, content } of letters) {
    if (!content || !("event" in content)) continue;
    const { store, event } = content;
    const plan = await planEvents(storage, { ...THIS_VERSION, store, events: [event] }, nowMs);
    const [decision] = plan.decisions;
    // A gap stays as well: it is for the till to send what is missing.
    if (!decision || decision.refused || decision.head.journaled < event.seq) continue;
    await storage.write([...plan.statements, forget(n)]);
    taken += 1;
  }
  return taken;
}
