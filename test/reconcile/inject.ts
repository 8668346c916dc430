/**
 * Plants every kind of exception into generated store-days and holds what head office finds against it: all of it, nothing else,
 * each with the right kind, terminal, number and amount; and again when what can be repaired is repaired.
 */
import { setImmediate } from "node:timers/promises";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { type Row, rowsOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { createIntake, type Intake } from "../../central/src/intake/intake.ts";
import { createChecker } from "../../central/src/reconcile/checker.ts";
import { markDirty, markSettled } from "../../central/src/reconcile/dirty.ts";
import { MATCHING } from "../../central/src/testing/matching.ts";
import { createRandom, type Random } from "../simulate/random.ts";
import { createDeck, type Expected, type PlantName } from "./plants.ts";
import type { Line, Repair, StoreDayMade, Sums } from "./making.ts";
import { createStore, ZONE } from "./store-days.ts";
import { EVENT_COLUMNS } from "./tampering.ts";
import type { Item } from "./till.ts";

export interface InjectOptions {
  readonly storeDays: number;
  readonly rows: number;
  readonly seed: string;
  readonly stores: number;
  /** Of all kinds, these alone. */
  readonly kinds?: readonly PlantName[];
  readonly onProgress?: (words: string) => void;
}

export interface InjectReport {
  readonly storeDays: number;
  readonly rows: number;
  readonly planted: Readonly<Record<string, number>>;
  /** Expected and not found, found and not expected; then the same after the repairs. */
  readonly missed: readonly string[];
  readonly falseAlarms: readonly string[];
  /** Whose figures are not what was added up apart, and who is in another state than it should be. */
  readonly wrongDays: readonly string[];
  readonly recall: number;
  readonly seconds: Readonly<Record<"made" | "checked" | "repaired", number>>;
}

/** Long after the last day: all of them are over. */
const NOW_MS = Date.UTC(2027, 0, 1);

export async function inject(storage: Storage, options: InjectOptions): Promise<InjectReport> {
  const startMs = performance.now();
  let nowMs = NOW_MS;
  const town = { storage, random: createRandom(`${options.seed}/delivery`), nowMs: () => nowMs };
  const intake = createIntake({
    ...town,
    policy: DEFAULT_POLICY,
    matching: MATCHING,
    onTaken: () => {},
  });
  await storage.write([{ sql: `create table lost as select ${EVENT_COLUMNS} from event where 0` }]);
  const made = await makeAll(options, town, intake);
  const madeMs = performance.now();
  nowMs += LIMITS.checkGapMs;
  await checkAll(storage, () => nowMs);
  const checkedMs = performance.now();
  const first = compare(made.expected, await openOnes(storage));
  const wrongSums = await wrongFigures(storage, made.sums);
  nowMs += LIMITS.checkGapMs;
  await repairAll(made.repairs, storage, intake, nowMs);
  nowMs += LIMITS.checkGapMs;
  await checkAll(storage, () => nowMs);
  const repaired = new Set(made.repairs.map(({ expected }) => expected));
  const left = made.expected.filter((each) => !repaired.has(each));
  const second = compare(left, await openOnes(storage));
  const planted = Object.groupBy(made.expected, ({ plant }) => plant);
  return {
    storeDays: options.storeDays,
    rows: made.rows,
    planted: Object.fromEntries(Object.entries(planted).map(([name, of]) => [name, of.length])),
    missed: [...first.missed, ...second.missed.map((each) => `after repair ${each}`)],
    falseAlarms: [
      ...first.falseAlarms,
      ...second.falseAlarms.map((each) => `after repair ${each}`),
    ],
    wrongDays: [...wrongSums, ...(await wrongStates(storage, left, made.days))],
    recall: 1 - first.missed.length / Math.max(1, made.expected.length),
    seconds: {
      made: seconds(madeMs - startMs),
      checked: seconds(checkedMs - madeMs),
      repaired: seconds(performance.now() - checkedMs),
    },
  };
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

interface Town {
  readonly storage: Storage;
  readonly random: Random;
  readonly nowMs: () => number;
}

interface Made {
  rows: number;
  readonly days: string[];
  readonly expected: Expected[];
  readonly repairs: Repair[];
  readonly sums: ReadonlyMap<string, Sums>;
}

async function makeAll(
  { storeDays, rows, seed, stores, kinds, onProgress }: InjectOptions,
  town: Town,
  intake: Intake,
): Promise<Made> {
  const sums = new Map<string, Sums>();
  const deck = createDeck(createRandom(`${seed}/deck`), kinds);
  const made: Made = { rows: 0, days: [], expected: [], repairs: [], sums };
  for (let at = 0; at < stores; at += 1) {
    const days = Math.floor(storeDays / stores) + (at < storeDays % stores ? 1 : 0);
    const store = createStore({
      store: `store-${at}`, days, rowsPerDay: rows / storeDays, random: createRandom(`${seed}/${at}`),
      settles: at % 2 === 0, hasTrend: at % 3 === 0, deck,
    }); // prettier-ignore
    for (let day = 0; day < days; day += 1) {
      const of = store.makeDay(day);
      await deliver(of, town, intake, made.days.length);
      made.rows += of.items.length;
      made.days.push(`${of.store} ${of.businessDay}`);
      made.expected.push(...of.expected);
      made.repairs.push(...of.repairs);
    }
    for (const [day, of] of store.sums) sums.set(`store-${at} ${day}`, of);
    onProgress?.(`${made.rows} rows of ${made.days.length} store-days`);
  }
  return made;
}

/** In parts of any size, tills in any order; each till's rows in theirs, as the edge sends them. */
async function deliver(day: StoreDayMade, town: Town, intake: Intake, file: number): Promise<void> {
  const { storage, random, nowMs } = town;
  const { store, businessDay } = day;
  const queues = [...Map.groupBy(day.items, ({ source }) => source).values()];
  const fragments = [...day.fragments];
  while (queues.some((queue) => queue.length > 0)) {
    const queue = random.pick(queues.filter(({ length }) => length > 0));
    await take(intake, store, queue.splice(0, random.int(1, LIMITS.deliverItems)));
    await setImmediate();
    if (random.chance(0.3) && fragments.length > 0)
      await intake.fragments({ ...THIS_VERSION, fragments: fragments.splice(0, 50) });
  }
  while (fragments.length > 0)
    await intake.fragments({ ...THIS_VERSION, fragments: fragments.splice(0, 50) });
  for (const fork of day.forks) await take(intake, store, [fork]);
  const settles = Number(store.slice("store-".length)) % 2 === 0;
  if (settles) await storage.write(linesOf(day.lines, store, file));
  if (settles) await storage.write([markSettled(store, businessDay, nowMs())]);
  if (day.after.length > 0) await storage.write([...day.after, markDirty([day], nowMs())]);
}

const take = (intake: Intake, store: string, events: Item[]) =>
  intake.events({ ...THIS_VERSION, store, events });

export const linesOf = (lines: readonly Line[], store: string, file: number): Statement[] => [
  {
    sql: `insert into settlement_line (file, line, store, business_day, batch, reference, currency, amount_minor)
      select ?1, key, ?2, value ->> 0, 'batch', value ->> 1, 'GBP', value ->> 2 from json_each(?3)`,
    args: [
      file,
      store,
      JSON.stringify(lines.map((line) => [line.businessDay, line.reference, line.amountMinor])),
    ],
  },
];

/** As the process does, one due day after the other, without its rests. */
export async function checkAll(storage: Storage, nowMs: () => number): Promise<void> {
  const failures: unknown[] = [];
  const checker = createChecker({
    storage,
    nowMs,
    // What native code holds is given back between turns of the event loop alone.
    pause: () => setImmediate(),
    wait: () => setImmediate(),
    later: () => () => {},
    onWritten: () => {},
    onFailure: (error) => failures.push(error),
  });
  await checker.kick();
  await checker.close();
  if (failures.length > 0) throw failures[0];
}

async function repairAll(
  repairs: readonly Repair[],
  storage: Storage,
  intake: Intake,
  nowMs: number,
): Promise<void> {
  for (const { expected, statements, items } of repairs) {
    const { store, businessDay } = expected;
    await storage.write([...statements, markDirty([{ store, businessDay }], nowMs)]);
    if (items) await take(intake, store, [...items]);
  }
}

const textOfExpected = (of: Expected): string =>
  [of.store, of.businessDay, of.kind, of.source, of.epoch, of.seq, of.currency, of.amountMinor].join(" "); // prettier-ignore

const openOnes = (storage: Storage): Promise<Row[]> =>
  rowsOf(
    storage,
    `select store, business_day, kind, source, epoch, seq, currency, amount_minor, evidence from exception
     where state = 'open' order by n`,
  );

function compare(expected: readonly Expected[], rows: readonly Row[]) {
  const names = ["store", "business_day", "kind", "source", "epoch", "seq", "currency", "amount_minor"]; // prettier-ignore
  const left = Map.groupBy(rows, (row) => names.map((name) => row[name]).join(" "));
  const missed = expected.filter((each) => left.get(textOfExpected(each))?.shift() === undefined);
  return {
    missed: missed.map((each) => `${each.plant}: ${textOfExpected(each)}`),
    falseAlarms: [...left].flatMap(([text, of]) => of.map((row) => `${text} ${String(row["evidence"])}`)), // prettier-ignore
  };
}

/** Where a gap is open the figures are of what is here; everywhere else they are what the tills have sold. */
async function wrongFigures(storage: Storage, sums: ReadonlyMap<string, Sums>): Promise<string[]> {
  const rows = await rowsOf(
    storage,
    `select store || ' ' || business_day as day, figures ->> '$.events' as events, figures ->> '$.sales' as sales,
       figures ->> '$.netMinor.GBP' as net, figures ->> '$.tenders.cash.GBP' as cash, zone
     from store_day d where not exists (select 1 from exception e where e.store = d.store
       and e.business_day = d.business_day and e.kind = 'gap')`,
  );
  return rows.flatMap((row) => {
    const day = String(row["day"]);
    const sum = sums.get(day);
    if (!sum) return [`${day} is of nobody`];
    const is = [row["events"], row["sales"], row["net"], row["cash"], row["zone"]].join(" ");
    const due = [sum.events, sum.sales, sum.netMinor, sum.cashMinor, ZONE].join(" ");
    return is === due ? [] : [`${day} comes to ${is}, not ${due}`];
  });
}

/** A day with something open is in question; a day of which nothing is left complete, but for info alone. */
async function wrongStates(
  storage: Storage,
  left: readonly Expected[],
  days: readonly string[],
): Promise<string[]> {
  const rows = await rowsOf(storage, "select store || ' ' || business_day as day, state, waiting from store_day"); // prettier-ignore
  const states = new Map(rows.map((row) => [String(row["day"]), row]));
  const asked = new Set(
    left
      .filter(({ kind }) => kind !== "late_sale")
      .map((each) => `${each.store} ${each.businessDay}`),
  );
  return days.flatMap((day) => {
    const due = asked.has(day) ? "in_question" : "complete";
    const is = states.get(day);
    return is?.["state"] === due ? [] : [`${day} is ${String(is?.["state"])}, not ${due}: ${String(is?.["waiting"])}`]; // prettier-ignore
  });
}
