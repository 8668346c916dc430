/** A store-day as the checks see it, made of rows that a till in memory has captured, without a database. */
import { eventSchema } from "@regulars/shared/events/event";
import type { ArrivedEvent } from "../intake/event-row.ts";
import { byKey, type DayRow, type StoreDay } from "../reconcile/checks/store-day.ts";
import { stretchesOf } from "../reconcile/read/read-store-day.ts";
import { dayEndMs } from "../reconcile/zone.ts";

const rowOf = (item: ArrivedEvent): DayRow => ({
  source: item.source,
  epoch: item.epoch,
  seq: item.seq,
  prev: item.prev,
  hash: item.hash,
  isWhole: true,
  acceptedMs: item.acceptedAtMs,
  receivedMs: item.acceptedAtMs,
  offsetMs: 0,
  key: null,
  quarantined: null,
  event: eventSchema.parse(JSON.parse(item.body)),
  content: null,
});

/** All of it golden, of one store in London, an hour after its end; `more` says what else is known. */
export function judgedDay(items: readonly ArrivedEvent[], more: Partial<StoreDay> = {}): StoreDay {
  const rows = items.map(rowOf).toSorted(byKey);
  const [businessDay = ""] = rows.flatMap(({ event }) => event?.businessDay ?? []);
  const zone = "Europe/London";
  const endMs = dayEndMs(zone, businessDay);
  const stretches = stretchesOf(rows).map((stretch) => ({ ...stretch, before: null, after: null }));
  return {
    store: "store-1",
    businessDay,
    zone,
    nowMs: endMs + 3_600_000,
    endMs,
    rows,
    stretches,
    writers: new Map(
      stretches.map(({ source, epoch, last }) => [
        `${source}/${epoch}`,
        { source, epoch, journaled: last, headHash: rows.at(-1)?.hash ?? "", golden: last },
      ]),
    ),
    refusals: [],
    heads: new Map(),
    numberedBefore: new Map(),
    seals: false,
    repeats: [],
    voided: new Map(),
    settlement: { firstDay: null, lines: [], others: [] },
    returned: [],
    golden: [],
    points: [],
    closes: [],
    ...more,
  };
}
