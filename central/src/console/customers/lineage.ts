/** Where and when the events were captured that a golden record rests on. */
import type { Stamp } from "@regulars/shared/clock";
import { writerOf } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Activity, Golden } from "../../golden/golden.ts";

export interface EventPlace {
  readonly store: string;
  readonly source: string;
  readonly seq: number;
  /** Null when the event has not arrived yet: fragments may be faster. */
  readonly atMs: number | null;
  readonly zone: string | null;
}

/** By event key `source/epoch/seq`. */
export type Places = ReadonlyMap<string, EventPlace>;

export async function readPlaces(storage: Storage, eventKeys: readonly string[]): Promise<Places> {
  const parts = [...new Set(eventKeys)].map((key) => key.split("/"));
  const rows = await rowsOf(
    storage,
    `select e.source, e.epoch, e.seq, e.store, e.at_ms, w.zone from json_each(?) k
     cross join event e on e.source = k.value ->> 0
       and e.epoch = cast(k.value ->> 1 as integer) and e.seq = cast(k.value ->> 2 as integer)
     left join writer w on w.source = e.source and w.epoch = e.epoch`,
    [JSON.stringify(parts)],
  );
  return new Map(
    rows.map((row) => {
      const source = textOf(row, "source");
      const seq = numberOf(row, "seq");
      const place: EventPlace = {
        store: textOf(row, "store"),
        source,
        seq,
        atMs: row["at_ms"] === null ? null : numberOf(row, "at_ms"),
        zone: row["zone"] === null ? null : textOf(row, "zone"),
      };
      return [`${writerOf(source, numberOf(row, "epoch"))}/${seq}`, place];
    }),
  );
}

/** Zone of the store in which each stamp was given: a stamp names its writer. */
export async function readZones(
  storage: Storage,
  stamps: readonly Stamp[],
): Promise<(stamp: Stamp) => string | null> {
  const writers = [...new Set(stamps.map((stamp) => writerOfStamp(stamp)))];
  const rows = await rowsOf(
    storage,
    `select w.source, w.epoch, w.zone from json_each(?) k
     cross join writer w on w.source = k.value ->> 0 and w.epoch = cast(k.value ->> 1 as integer)`,
    [JSON.stringify(writers.map((writer) => writer.split("/")))],
  );
  const zones = new Map(
    rows.map((row) => [
      writerOf(textOf(row, "source"), numberOf(row, "epoch")),
      row["zone"] === null ? null : textOf(row, "zone"),
    ]),
  );
  return (stamp) => zones.get(writerOfStamp(stamp)) ?? null;
}

const writerOfStamp = (stamp: Stamp): string => stamp.slice("mmmmmmmmmmmm-cccc-".length);

/** Event of a consent: its fragment names the writer. */
export function eventOfConsent({ fragment, seq }: Consent): string {
  const [source = "", epoch = ""] = fragment.split("/");
  return `${source}/${epoch}/${seq}`;
}

type Consent = Golden["consents"][string];

/** Events that a page of the customer's activity names. */
export function eventsOfActivity(activity: Activity): string[] {
  const { recent, notes, behaviours, carts, orders, traits, loyalty } = activity;
  const named = [...Object.values(traits), ...Object.values(loyalty)];
  return [...recent, ...notes, ...behaviours, ...carts, ...orders, ...named].map(
    ({ event }) => event,
  );
}

/** Events that a golden record rests on. */
export function eventsOfGolden({ fields, consents }: Golden): string[] {
  const claims = Object.values(fields).flatMap((field) => [
    field,
    ...field.losers,
    ...(field.ignored ?? []),
  ]);
  return [
    ...claims.map(({ event }) => event),
    ...Object.values(consents).map((consent) => eventOfConsent(consent)),
  ];
}
