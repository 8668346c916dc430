/** Replaying what the centre could not use (SYN6): first events, then dead letters, a page per call. */
import { LIMITS } from "@regulars/shared/limits";
import {
  type Place,
  parsePlace,
  placeText,
  type Replay,
  type ReplayAnswer,
} from "@regulars/shared/quarantine";
import { type Row, rowsOf, type SqlValue, type Storage } from "@regulars/shared/storage/port";
import { bodyColumns } from "../db/event-body.ts";
import type { FragmentRules } from "../intake/take-fragments.ts";
import { letterOf, replayEvents, replayFragments } from "./dead-letters.ts";
import { arrivedOf, readAnew } from "./read-anew.ts";

/** Where a page ended: at an event, or at a dead letter. */
type Cursor = { readonly event: Place | null } | { readonly letter: number };

/** Not to be run beside an intake: what is read decides what is written. */
export async function replayPage(
  storage: Storage,
  replay: Replay,
  rules: FragmentRules,
  nowMs: number,
  /** Of this reason alone; of every reason where absent. */
  code: string | null = null,
): Promise<ReplayAnswer | null> {
  const cursor = replay.after === undefined ? { event: null } : parseCursor(replay.after);
  if (!cursor) return null;
  const max = LIMITS.replayRows;
  let replayed = 0;
  let seen = 0;
  if ("event" in cursor) {
    const rows = await readEvents(storage, { replay, code }, cursor.event, max + 1);
    const page = rows.slice(0, max).map((row) => arrivedOf(row));
    const { statements, released } = await readAnew(storage, page, nowMs);
    await storage.write(statements);
    replayed = released.length;
    seen = page.length;
    const last = page.at(-1);
    if (rows.length > max && last) {
      return { replayed, kept: seen - replayed, more: true, next: `event/${placeText(last)}` };
    }
  }
  const after = "letter" in cursor ? cursor.letter : 0;
  const rows = await readLetters(storage, { replay, code }, after, max - seen + 1);
  const page = rows.slice(0, max - seen).map((row) => letterOf(row));
  replayed += await replayFragments(storage, page, rules, nowMs);
  replayed += await replayEvents(storage, page, nowMs);
  seen += page.length;
  const isMore = rows.length > page.length;
  const last = page.at(-1)?.n ?? after;
  return {
    replayed,
    kept: seen - replayed,
    more: isMore,
    ...(isMore ? { next: `letter/${last}` } : {}),
  };
}

function parseCursor(text: string): Cursor | null {
  const [kind, ...rest] = text.split("/");
  if (kind === "event") {
    const event = parsePlace(rest.join("/"));
    return event && { event };
  }
  const isLetter = kind === "letter" && /^\d{1,15}$/.test(rest.join("/"));
  return isLetter ? { letter: Number(rest[0]) } : null;
}

interface Filter {
  readonly replay: Replay;
  readonly code: string | null;
}

const filterOf = ({ replay: { store, source, epoch, seq } }: Filter): SqlValue[] => [
  store ?? null,
  source ?? null,
  epoch ?? null,
  seq ?? null,
];

function readEvents(
  storage: Storage,
  filter: Filter,
  after: Place | null,
  limit: number,
): Promise<Row[]> {
  return rowsOf(
    storage,
    `select ${bodyColumns()}, prev, hash, accepted_ms from event indexed by event_quarantined
     where quarantined is not null and (?1 is null or store = ?1) and (?2 is null or source = ?2)
       and (?3 is null or epoch = ?3) and (?4 is null or seq = ?4)
       and (source, epoch, seq) > (?5, ?6, ?7) and (?9 is null or quarantined = ?9)
     order by source, epoch, seq limit ?8`,
    [
      ...filterOf(filter),
      after?.source ?? "",
      after?.epoch ?? 0,
      after?.seq ?? 0,
      limit,
      filter.code,
    ],
  );
}

/** Only letters of rows tell a store and a number. */
function readLetters(
  storage: Storage,
  filter: Filter,
  after: number,
  limit: number,
): Promise<Row[]> {
  return rowsOf(
    storage,
    `select n, code, payload from intake_problem
     where n > ?5 and (?1 is null or payload ->> 'store' = ?1) and (?2 is null or source = ?2)
       and (?3 is null or epoch = ?3) and (?4 is null or item = cast(cast(?4 as integer) as text))
       and (?7 is null or code = ?7) order by n limit ?6`,
    [...filterOf(filter), after, limit, filter.code],
  );
}
