/** A store-day as the checks see it, read by index and in pages, with a rest for others between them. */
import type { RegularsEvent } from "@regulars/shared/events/event";
import { eventSchema } from "@regulars/shared/events/event";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { bodyOf } from "../../db/event-body.ts";
import { hexOf } from "../../db/packed.ts";
import {
  byKey,
  type DayRow,
  firstOf,
  keyOf,
  type NumberedBefore,
  type PastClose,
  type Place,
  type Refusal,
  type ReturnedFacts,
  rowsOfKind,
  type StoreDay,
  type Stretch,
  type WriterFacts,
} from "../checks/store-day.ts";
import { dayEndMs, zoneOr } from "../zone.ts";
import * as facts from "./facts.ts";
import { readGolden, readPoints } from "./ledger-facts.ts";
import { dayRowOf, readRows, unreadableRows } from "./read-rows.ts";
import { readSettlement } from "./settlement-facts.ts";

export interface ReadDayDeps {
  readonly storage: Storage;
  readonly nowMs: number;
  /** Lets others have their turn between two pages. */
  readonly rest: () => Promise<void>;
}

export async function readStoreDay(
  { storage, nowMs, rest }: ReadDayDeps,
  store: string,
  businessDay: string,
): Promise<StoreDay> {
  const rows = await readAllRows(storage, store, businessDay, rest);
  const bare = stretchesOf(rows);
  const heads = rowsOfKind({ rows }, "seal").flatMap(({ event }) => event.body.heads);
  const numbered = rowsOfKind({ rows }, "close", "seal");
  const voids = openVoids(rows);
  const staff = rowsOfKind({ rows }, "close").flatMap(({ event }) => event.body.staff ?? []);
  const originals = rowsOfKind({ rows }, "return").flatMap(
    ({ event }) => event.body.original ?? [],
  );
  const read = await storage.read([
    facts.neighboursQuery(bare),
    facts.writersQuery(store, heads),
    facts.headsQuery(heads),
    facts.refusalsQuery(store),
    facts.numberedBeforeQuery(
      numbered.map((row) => ({
        ...row,
        kind: row.event.kind,
        number: row.event.body.number,
        first: firstOf(row),
      })),
    ),
    facts.sealsQuery(store, businessDay),
    facts.closesQuery(store, businessDay, [...new Set(staff)]),
    facts.repeatsQuery(store, businessDay),
    facts.voidedQuery(voids),
    facts.soldQuery([...new Set(originals)]),
    facts.returnsQuery([...new Set(originals)]),
  ]);
  const [around = [], writers = [], hashes = [], refused = [], before = [], seals = []] = read;
  const [closes = [], repeats = [], receipts = [], sold = [], returns = []] = read.slice(6);
  const zone = zoneOr(rows.findLast(({ event }) => event !== null)?.event?.zone ?? null);
  const voided = voidedOf(receipts);
  return {
    store,
    businessDay,
    zone,
    nowMs,
    endMs: dayEndMs(zone, businessDay),
    rows,
    stretches: withNeighbours(bare, around),
    writers: new Map(writers.map((row) => [`${textOf(row, "source")}/${numberOf(row, "epoch")}`, writerOf(row)])), // prettier-ignore
    refusals: refused.flatMap((row) => refusalOf(row, businessDay)),
    heads: new Map(hashes.map((row) => [keyOf(placeIn(row)), hexOf(row, "hash")])),
    numberedBefore: numberedBeforeOf(numbered, before),
    seals: seals.length > 0,
    repeats: repeats.map((row) => ({ ...placeIn(row), other: textOf(row, "other") })),
    voided,
    settlement: await readSettlement(storage, { store, businessDay, rows, voided }),
    returned: returnedOf(sold, returns),
    golden: await readGolden(storage, rows, rest),
    points: await readPoints(storage, rows),
    closes: closes.map((row) => closeOf(row)),
  };
}

async function readAllRows(
  storage: Storage,
  store: string,
  businessDay: string,
  rest: () => Promise<void>,
): Promise<DayRow[]> {
  const readable = await readRows(storage, store, businessDay, rest);
  const writers = [
    ...new Map(
      readable.map(({ source, epoch }) => [`${source}/${epoch}`, { source, epoch }]),
    ).values(),
  ];
  const [unreadable = []] = await storage.read([unreadableRows(store, businessDay, writers)]);
  if (unreadable.length === 0) return readable;
  return [...readable, ...unreadable.map((row) => dayRowOf(row))].toSorted(byKey);
}

function numberedBeforeOf(
  numbered: readonly DayRow[],
  rows: readonly Row[],
): Map<string, NumberedBefore> {
  return new Map(
    rows.flatMap((row): [string, NumberedBefore][] => {
      const of = numbered[numberOf(row, "at")];
      if (!of) return [];
      const before =
        row["seq"] === null ? null : { ...placeIn(row), number: numberOf(row, "number") };
      return [[keyOf(of), { before, missing: numberOf(row, "missing") }]];
    }),
  );
}

type BareStretch = Omit<Stretch, "before" | "after">;

export function stretchesOf(rows: readonly Place[]): BareStretch[] {
  const stretches: { source: string; epoch: number; first: number; last: number }[] = [];
  for (const { source, epoch, seq } of rows) {
    const open = stretches.at(-1);
    if (open?.source === source && open.epoch === epoch && open.last + 1 === seq) open.last = seq;
    else stretches.push({ source, epoch, first: seq, last: seq });
  }
  return stretches;
}

function withNeighbours(stretches: readonly BareStretch[], rows: readonly Row[]): Stretch[] {
  const around = new Map(rows.map((row) => [numberOf(row, "at"), row]));
  return stretches.map((stretch, at) => {
    const row = around.get(at) ?? {};
    const [before, after] = [row["before_seq"], row["after_seq"]];
    return {
      ...stretch,
      before: typeof before === "number" ? { seq: before, hash: hexOf(row, "before_hash") } : null,
      after: typeof after === "number" ? after : null,
    };
  });
}

/** Receipts that voids take back without saying how they were paid, and that are of another day. */
function openVoids(rows: readonly DayRow[]): { source: string; receipt: string }[] {
  const here = new Set(
    rowsOfKind({ rows }, "sale", "return", "adjustment").map(
      ({ source, event }) => `${source} ${event.body.receipt}`,
    ),
  );
  return rowsOfKind({ rows }, "void")
    .map(({ source, event }) => ({ source, receipt: event.body.voids }))
    .filter(({ source, receipt }) => !here.has(`${source} ${receipt}`));
}

function voidedOf(rows: readonly Row[]): Map<string, RegularsEvent> {
  return new Map(
    rows.flatMap((row): [string, RegularsEvent][] => {
      const event = eventSchema.safeParse(jsonOf(bodyOf(row)));
      const name = `${textOf(row, "source")} ${textOf(row, "receipt")}`;
      return event.success ? [[name, event.data]] : [];
    }),
  );
}

const placeIn = (row: Row): Place => ({
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  seq: numberOf(row, "seq"),
});

const writerOf = (row: Row): WriterFacts => ({
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  journaled: numberOf(row, "journaled"),
  headHash: textOf(row, "head_hash"),
  golden: numberOf(row, "golden"),
});

const closeOf = (row: Row): PastClose => ({
  ...placeIn(row),
  staff: textOf(row, "staff"),
  currency: textOf(row, "currency"),
  differenceMinor: numberOf(row, "minor"),
});

const payloadSchema = z.object({ body: z.string() });
const refusedSchema = z.object({
  businessDay: z.iso.date(),
  body: z.object({ currency: z.string(), totalMinor: z.int() }).partial().catch({}),
});

/** Of the day that the refused row names; of the day of the row before it where it cannot be read. */
function refusalOf(row: Row, businessDay: string): Refusal[] {
  const payload = payloadSchema.safeParse(jsonOf(textOf(row, "payload")));
  const refused = payload.success ? refusedSchema.safeParse(jsonOf(payload.data.body)) : null;
  const said = refused?.success ? refused.data : null;
  const day = said?.businessDay ?? row["day_before"];
  if (day !== businessDay) return [];
  const { currency = null, totalMinor = null } = said?.body ?? {};
  return [
    {
      source: textOf(row, "source"),
      epoch: numberOf(row, "epoch"),
      seq: Number(textOf(row, "item")),
      code: textOf(row, "code") === "fork" ? "fork" : "broken_chain",
      hash: textOf(row, "hash"),
      currency,
      totalMinor: currency === null ? null : totalMinor,
    },
  ];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** An original is the sale with its number; returns in another currency are not held against it. */
function returnedOf(sold: readonly Row[], returns: readonly Row[]): ReturnedFacts[] {
  const originals = new Map<string, Row>();
  for (const row of sold) {
    const receipt = textOf(row, "receipt");
    if (!originals.has(receipt)) originals.set(receipt, row);
  }
  const byOriginal = Map.groupBy(returns, (row) => textOf(row, "refers"));
  return [...originals].map(([original, row]) => {
    const currency = textOf(row, "currency");
    return {
      original,
      currency,
      soldMinor: row["is_voided"] === 1 ? 0 : numberOf(row, "total_minor"),
      returns: (byOriginal.get(original) ?? [])
        .filter((each) => each["currency"] === currency)
        .map((each) => ({
          ...placeIn(each),
          receipt: textOf(each, "receipt"),
          amountMinor: numberOf(each, "total_minor"),
        })),
    };
  });
}
