/**
 * Counting the journal into `quality_day`: page by page, the marks moved in the write of the figures, so that every row is
 * counted once whatever ends the process. What was refused is remembered until it is read anew or gone (SYN8).
 */
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { bodyColumns, bodyOf } from "../db/event-body.ts";
import {
  acceptedDeltas,
  COUNTED,
  dayOf,
  refusedDeltas,
  saidBy,
  takenBack,
} from "./contribution.ts";
import { createPage, type Page } from "./count-page.ts";
import { UNKNOWN_CHANNEL } from "./fields.ts";

/** With an empty source, for no source is called so. */
const LETTERS = 0;
const FEED = 1;

/** One page of all that is new. Answers whether there may be more. One caller at a time. */
export async function countPage(storage: Storage): Promise<boolean> {
  const page = createPage();
  const isMore = [
    await countEvents(storage, page),
    await countLetters(storage, page),
    await countFeed(storage, page),
    await countReleased(storage, page),
  ];
  await countNamed(storage, page);
  await storage.write(page.statements());
  return isMore.some(Boolean);
}

/** Everything is counted anew by the pages that follow. */
export const recountStatements = (): Statement[] => [
  {
    sql: "delete from quality_day where measure in (select value from json_each(?))",
    args: [JSON.stringify(COUNTED)],
  },
  { sql: "delete from quality_mark" },
  { sql: "delete from quality_pending" },
];

export const newestOfWriters = (): Statement => ({
  sql: `select w.source, w.epoch, w.journaled, coalesce(m.seq, 0) as counted
        from writer w left join quality_mark m on m.source = w.source and m.epoch = w.epoch
        where w.journaled > coalesce(m.seq, 0) limit ?`,
  args: [LIMITS.qualityWriters],
});

export const nextEvents = (
  source: string,
  epoch: number,
  counted: number,
  limit: number,
): Statement => ({
  sql: `select ${bodyColumns()}, accepted_ms, quarantined, flags from event
        where source = ? and epoch = ? and seq > ? order by seq limit ?`,
  args: [source, epoch, counted, limit],
});

async function countEvents(storage: Storage, page: Page): Promise<boolean> {
  const [writers = []] = await storage.read([newestOfWriters()]);
  if (writers.length === 0) return false;
  const limit = Math.ceil(LIMITS.qualityRows / writers.length);
  const answers = await storage.read(
    writers.map((row) =>
      nextEvents(textOf(row, "source"), numberOf(row, "epoch"), numberOf(row, "counted"), limit),
    ),
  );
  const channels = await channelsOf(
    storage,
    writers.map((row) => textOf(row, "source")),
  );
  for (const [at, writer] of writers.entries()) {
    const rows = answers[at] ?? [];
    for (const row of rows) countEvent(row, channels, page);
    const last = rows.at(-1);
    // Rows that a restored database has lost are not waited for.
    const reached = last && rows.length === limit ? numberOf(last, "seq") : numberOf(writer, "journaled"); // prettier-ignore
    page.mark(textOf(writer, "source"), numberOf(writer, "epoch"), reached);
  }
  return true;
}

function countEvent(row: Row, channels: ReadonlyMap<string, string>, page: Page): void {
  const said = saidBy(bodyOf(row));
  const [source, epoch, seq] = [textOf(row, "source"), numberOf(row, "epoch"), numberOf(row, "seq")]; // prettier-ignore
  const channel = said.channel ?? channels.get(source) ?? UNKNOWN_CHANNEL;
  const day = dayOf(numberOf(row, "accepted_ms"));
  if (row["quarantined"] === null) {
    page.add(day, acceptedDeltas({ ...said, flags: flagsOf(row) }, channel));
    return;
  }
  page.add(day, refusedDeltas(said.kind, channel));
  page.remember({ source, epoch, seq, day, channel, kind: said.kind });
}

/** The row's own: those of the event, and what its reader has found. */
function flagsOf(row: Row): string[] {
  const flags: unknown = JSON.parse(textOf(row, "flags"));
  return Array.isArray(flags) ? flags.filter((flag) => typeof flag === "string") : [];
}

/** By what way a source's newest readable row came: for rows of its own that do not say so. */
async function channelsOf(
  storage: Storage,
  sources: readonly string[],
): Promise<Map<string, string>> {
  const rows = await rowsOf(
    storage,
    `select ${bodyColumns("e")} from json_each(?) s cross join event e on e.source = s.value
       and (e.epoch, e.seq) = (select n.epoch, n.seq from event n where n.source = s.value
         and n.kind is not null order by n.epoch desc, n.seq desc limit 1)`,
    [JSON.stringify([...new Set(sources)])],
  );
  return new Map(
    rows.flatMap((row) => {
      const { channel } = saidBy(bodyOf(row));
      return channel === null ? [] : [[textOf(row, "source"), channel] as const];
    }),
  );
}

async function countLetters(storage: Storage, page: Page): Promise<boolean> {
  const rows = await rowsOf(
    storage,
    `select n, source, received_ms, payload from intake_problem
     where n > (select coalesce(max(seq), 0) from quality_mark where source = '' and epoch = ?)
     order by n limit ?`,
    [LETTERS, LIMITS.replayRows],
  );
  if (rows.length === 0) return false;
  const channels = await channelsOf(
    storage,
    rows.map((row) => textOf(row, "source")),
  );
  for (const row of rows) {
    const n = numberOf(row, "n");
    page.mark("", LETTERS, n);
    const body = bodyOfLetter(textOf(row, "payload"));
    // A fragment says again what its events have said, and is no row of a journal.
    if (body === null) continue;
    const said = saidBy(body);
    const channel = said.channel ?? channels.get(textOf(row, "source")) ?? UNKNOWN_CHANNEL;
    const day = dayOf(numberOf(row, "received_ms"));
    page.add(day, refusedDeltas(said.kind, channel));
    page.remember({ source: "", epoch: LETTERS, seq: n, day, channel, kind: said.kind });
  }
  return rows.length === LIMITS.replayRows;
}

function bodyOfLetter(payload: string): string | null {
  const letter: unknown = JSON.parse(payload);
  const isRow = typeof letter === "object" && letter !== null && "body" in letter;
  return isRow && typeof letter.body === "string" ? letter.body : null;
}

async function countFeed(storage: Storage, page: Page): Promise<boolean> {
  const rows = await rowsOf(
    storage,
    `select n, type, at_ms from feed
     where n > (select coalesce(max(seq), 0) from quality_mark where source = '' and epoch = ?)
     order by n limit ?`,
    [FEED, LIMITS.qualityRows],
  );
  for (const row of rows) {
    page.mark("", FEED, numberOf(row, "n"));
    const type = textOf(row, "type");
    const measure = type === "merged" ? "merges" : type === "split" ? "splits" : null;
    if (!measure) continue;
    page.add(dayOf(numberOf(row, "at_ms")), [{ measure, part: "", count: 1, of: 0 }]);
  }
  return rows.length === LIMITS.qualityRows;
}

export const releasedEvents = (): Statement => ({
  sql: `select ${bodyColumns("e")}, e.accepted_ms, e.flags, p.day, p.channel, p.kind
        from quality_pending p
        cross join event e on e.source = p.source and e.epoch = p.epoch and e.seq = p.seq
        where p.source <> '' and e.quarantined is null limit ?`,
  args: [LIMITS.qualityRows],
});

/** Read anew since, or gone: what they were counted as is taken back, and an event counts as what it says. */
async function countReleased(storage: Storage, page: Page): Promise<boolean> {
  const [events = [], letters = []] = await storage.read([
    releasedEvents(),
    {
      sql: `select p.seq, p.day, p.channel, p.kind from quality_pending p
            where p.source = '' and not exists (select 1 from intake_problem where n = p.seq) limit ?`,
      args: [LIMITS.qualityRows],
    },
  ]);
  for (const row of events) {
    const counted = refusedDeltas(kindOf(row), textOf(row, "channel"));
    page.add(textOf(row, "day"), takenBack(counted));
    const said = saidBy(bodyOf(row));
    const deltas = acceptedDeltas(
      { ...said, flags: flagsOf(row) },
      said.channel ?? textOf(row, "channel"),
    );
    page.add(dayOf(numberOf(row, "accepted_ms")), deltas);
    page.forget(textOf(row, "source"), numberOf(row, "epoch"), numberOf(row, "seq"));
  }
  for (const row of letters) {
    page.add(textOf(row, "day"), takenBack(refusedDeltas(kindOf(row), textOf(row, "channel"))));
    page.forget("", LETTERS, numberOf(row, "seq"));
  }
  return events.length === LIMITS.qualityRows || letters.length === LIMITS.qualityRows;
}

const kindOf = (row: Row): string | null => (row["kind"] === null ? null : textOf(row, "kind"));

/** Refused rows of a source that has said since by what way it comes: they count there, as they would if counted now. */
async function countNamed(storage: Storage, page: Page): Promise<void> {
  const rows = await rowsOf(
    storage,
    `select p.source as writer, p.epoch, p.seq, p.day, p.kind, coalesce(i.source, p.source) as source
     from quality_pending p
     left join intake_problem i on p.source = '' and i.n = p.seq
     left join event e on e.source = p.source and e.epoch = p.epoch and e.seq = p.seq
     where p.channel = ? and (i.n is not null or e.quarantined is not null)
       and exists (select 1 from event n
         where n.source = coalesce(i.source, p.source) and n.kind is not null)
     limit ?`,
    [UNKNOWN_CHANNEL, LIMITS.qualityRows],
  );
  const sources = rows.map((row) => textOf(row, "source"));
  const channels = await channelsOf(storage, sources);
  for (const row of rows) {
    const channel = channels.get(textOf(row, "source"));
    if (channel === undefined) continue;
    const [day, kind] = [textOf(row, "day"), kindOf(row)];
    page.add(day, takenBack(refusedDeltas(kind, UNKNOWN_CHANNEL)));
    page.add(day, refusedDeltas(kind, channel));
    const [source, epoch, seq] = [textOf(row, "writer"), numberOf(row, "epoch"), numberOf(row, "seq")]; // prettier-ignore
    page.remember({ source, epoch, seq, day, channel, kind });
  }
}
