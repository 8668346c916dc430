/** One store of the generated town, day by day: journals of three tills, their settlement, their customers, and what is planted. */
import { recordEvent, openFragment, type FragmentDoc } from "@regulars/shared/fragment/fragment";
import { clientIdOf } from "@regulars/shared/ids";
import { merkleRoot } from "@regulars/shared/shift/merkle";
import type { Statement } from "@regulars/shared/storage/port";
import { chainHash } from "@regulars/shared/events/chain";
import type { ArrivedFragment } from "../../central/src/intake/source-record.ts";
import { fragmentOf, keyOf } from "../../central/src/testing/till.ts";
import type { Random } from "../simulate/random.ts";
import { drawPlants, type Expected, type Plant } from "./plants.ts";
import { type Captured, createTill, type Item, type Till } from "./till.ts";

export const ZONE = "Europe/London";
export const FIRST_DAY = "2026-06-01";
const DAY_MS = 86_400_000;
const OPENS_MS = 7 * 3_600_000;
const TILLS = 3;
const TREND_STAFF = "op-x";
const TREND_CLOSES = 6;
const TREND_MINOR = -250;

export interface Line {
  readonly businessDay: string;
  readonly reference: string;
  readonly amountMinor: number;
}

export interface StoreDayMade {
  readonly store: string;
  readonly businessDay: string;
  readonly items: readonly Item[];
  readonly fragments: readonly ArrivedFragment[];
  readonly lines: readonly Line[];
  readonly expected: readonly Expected[];
  /** Done to the database once all is in; the days that they concern are to be marked. */
  readonly after: readonly Statement[];
  /** Forks, delivered when all the rest is. */
  readonly forks: readonly Item[];
  readonly repairs: readonly Repair[];
}

/** What makes an expected exception go again. */
export interface Repair {
  readonly expected: Expected;
  readonly statements: readonly Statement[];
  /** Delivered anew by the edge. */
  readonly items?: readonly Item[];
}

export interface Sums {
  events: number;
  sales: number;
  netMinor: number;
  cashMinor: number;
}

export interface StoreOptions {
  readonly store: string;
  readonly days: number;
  readonly rowsPerDay: number;
  readonly random: Random;
  readonly settles: boolean;
  readonly hasTrend: boolean;
  /** Every so many sales are somebody's. */
  readonly somebodyEvery?: number;
  /** Customers of the store, who come again; each sale is another's where it is not said. */
  readonly customers?: number;
  readonly plants?: readonly Plant[];
}

export const dayAt = (at: number): string =>
  new Date(Date.parse(FIRST_DAY) + at * DAY_MS).toISOString().slice(0, 10);

export function createStore(options: StoreOptions) {
  const { store, random } = options;
  const tills = Array.from({ length: TILLS }, (_, at) => createTill(`${store}-t${at + 1}`, store, ZONE)); // prettier-ignore
  /** Added up apart from all that the centre does. */
  const sums = new Map<string, Sums>();
  const state: StoreState = {
    ...options,
    tills,
    sums,
    owedLate: [],
    closes: 0,
    files: 0,
    yesterday: null,
  };
  return {
    sums,
    makeDay: (at: number): StoreDayMade =>
      makeDay(state, at, options.plants ?? drawPlants(random, {
        tills: options.hasTrend ? [0, 1] : [0, 1, 2],
        settles: options.settles,
        isLastDay: at === options.days - 1,
      })), // prettier-ignore
  };
}

interface StoreState extends StoreOptions {
  readonly tills: readonly Till[];
  readonly sums: Map<string, Sums>;
  owedLate: { plant: Plant; businessDay: string }[];
  closes: number;
  files: number;
  /** A sale that somebody may bring back. */
  yesterday: { receipt: string; totalMinor: number } | null;
}

/** Everything of a day that is being made. */
interface Making {
  readonly state: StoreState;
  readonly businessDay: string;
  readonly startMs: number;
  readonly items: Item[];
  readonly fragments: ArrivedFragment[];
  readonly lines: Line[];
  readonly expected: Expected[];
  readonly after: Statement[];
  readonly forks: Item[];
  readonly repairs: Repair[];
}

const CURRENCY = "GBP";

function makeDay(state: StoreState, at: number, plants: readonly Plant[]): StoreDayMade {
  const businessDay = dayAt(at);
  const making: Making = {
    state, businessDay, startMs: Date.parse(businessDay) + OPENS_MS, items: [], fragments: [],
    lines: [], expected: [], after: [], forks: [], repairs: [],
  }; // prettier-ignore
  const sales = Math.max(12, Math.floor((state.rowsPerDay - 1) / TILLS) - 3);
  for (const [index, till] of state.tills.entries()) {
    sellLate(making, till, index);
    makeShift(making, till, index, sales, plants.find((plant) => plant.till === index) ?? null);
  }
  makeSeal(making, plants);
  const { items, fragments, lines, expected, after, forks, repairs } = making;
  return {
    store: state.store,
    businessDay,
    items,
    fragments,
    lines,
    expected,
    after,
    forks,
    repairs,
  };
}

function take(making: Making, captured: Captured): Captured {
  making.items.push(captured.item);
  const { event } = captured;
  const of = making.state.sums.get(event.businessDay) ?? {
    events: 0,
    sales: 0,
    netMinor: 0,
    cashMinor: 0,
  };
  of.events += 1;
  if ("totalMinor" in event.body && event.kind !== "order" && event.kind !== "cart") {
    if (event.kind === "sale") of.sales += 1;
    of.netMinor += event.body.totalMinor ?? 0;
  }
  if ("tenders" in event.body) {
    for (const { type, amountMinor } of event.body.tenders ?? [])
      if (type === "cash") of.cashMinor += amountMinor;
  }
  making.state.sums.set(event.businessDay, of);
  return captured;
}

interface SaleOptions {
  readonly totalMinor: number;
  readonly tenders: readonly object[];
  readonly flags?: readonly string[];
  readonly subject?: readonly string[];
  readonly receipt?: string;
  readonly kind?: "sale" | "return";
  readonly more?: object;
  readonly resealed?: { epoch: number; seq: number };
  readonly businessDay?: string;
  readonly isLate?: boolean;
}

function sell(making: Making, till: Till, atMs: number, options: SaleOptions): Captured {
  const {
    totalMinor,
    tenders,
    kind = "sale",
    receipt = till.nextReceipt(),
    more = {},
    ...rest
  } = options;
  const lines = [
    {
      sku: "A1",
      description: "Tea",
      quantity: totalMinor < 0 ? "-1" : "1",
      amountMinor: totalMinor,
    },
  ];
  const body = { receipt, currency: CURRENCY, lines, tenders, totalMinor, ...more };
  return take(making, till.capture({ kind, body, atMs, businessDay: making.businessDay, ...rest }));
}

const cash = (amountMinor: number) => [{ type: "cash", amountMinor }];

function expect(
  making: Making,
  plant: Expected["plant"],
  kind: string,
  item: Pick<Item, "source" | "epoch" | "seq"> | null,
  amountMinor: number | null,
  businessDay = making.businessDay,
): Expected {
  const expected: Expected = {
    plant, kind, store: making.state.store, businessDay, source: item?.source ?? null,
    epoch: item?.epoch ?? null, seq: item?.seq ?? null,
    currency: amountMinor === null ? null : CURRENCY, amountMinor,
  }; // prettier-ignore
  making.expected.push(expected);
  return expected;
}

function makeShift(
  making: Making,
  till: Till,
  index: number,
  sales: number,
  plant: Plant | null,
): void {
  const { state, businessDay, startMs } = making;
  const { random } = state;
  const isTrend = state.hasTrend && index === TILLS - 1;
  const staff = isTrend ? TREND_STAFF : `op-${random.int(1, 6)}`;
  take(making, till.open({ atMs: startMs, businessDay }, staff, 10_000));
  const plantAt = plant ? Math.floor(plant.at * sales) : -1;
  let off = false;
  for (let sale = 0; sale < sales; sale += 1) {
    const atMs = startMs + Math.floor(((sale + 1) / (sales + 2)) * 12 * 3_600_000);
    if (sale === plantAt && plant) off = plantInShift(making, till, atMs, plant) || off;
    else if (sale % (state.somebodyEvery ?? 97) === 2) sellToSomebody(making, till, index, sale, atMs, off ? null : plant);
    else sellAny(making, till, atMs);
    const last = making.items.at(-1);
    if (off && last) making.items[making.items.length - 1] = { ...last, offsetMs: CLOCK_OFF_MS };
  }
  const offMinor = isTrend ? TREND_MINOR : overShortOf(plant) ?? (random.chance(0.7) ? 0 : random.int(-50, 50)); // prettier-ignore
  const atMs = startMs + 13 * 3_600_000;
  if (plant?.name === "z_number") till.skipNumbers(2);
  const [count, close] = till.close({ atMs, businessDay }, staff, offMinor, (body) =>
    mistaken(body, plant),
  );
  if (!count || !close) throw new Error("a close is two rows");
  const isTail = plant?.name === "tail_gap";
  take(making, count);
  take(making, close);
  if (isTail) loseRows(making, plant, [count.item, close.item]);
  if (isTrend) {
    state.closes += 1;
    if (state.closes === TREND_CLOSES)
      expect(making, "trend", "over_short_trend", close.item, TREND_CLOSES * TREND_MINOR);
  }
  if (plant) expectAtClose(making, plant, close.item);
}

const CLOCK_OFF_MS = 95_000;

const overShortOf = (plant: Plant | null): number | null =>
  plant?.name === "over"
    ? 600 + plant.amountMinor
    : plant?.name === "short"
      ? -600 - plant.amountMinor
      : null;

function expectAtClose(making: Making, plant: Plant, close: Item): void {
  const { name, amountMinor } = plant;
  const off = overShortOf(plant);
  if (off !== null) expect(making, name, "over_short", close, off);
  if (name === "z_total" || name === "z_tender" || name === "z_count")
    expect(making, name, "z_differs", close, amountMinor);
  if (name === "z_number") expect(making, name, "z_number", close, null);
  if (name === "late" || name === "late_unflagged")
    making.state.owedLate.push({ plant, businessDay: making.businessDay });
}

/** A till that adds up wrongly. */
function mistaken(
  body: Parameters<NonNullable<Parameters<Till["close"]>[3]>>[0],
  plant: Plant | null,
) {
  const of = body.figures.currencies[CURRENCY];
  if (!plant || !of) return body;
  const by = plant.amountMinor;
  const figures = (changed: object) => ({
    ...body,
    figures: {
      ...body.figures,
      currencies: { ...body.figures.currencies, [CURRENCY]: { ...of, ...changed } },
    },
  });
  switch (plant.name) {
    case "z_total":
      return figures({ salesMinor: of.salesMinor + by });
    case "z_tender":
      return figures({
        tenders: {
          ...of.tenders,
          cash: (of.tenders.cash ?? 0) + by,
          card: (of.tenders.card ?? 0) - by,
        },
      });
    case "z_count":
      return {
        ...body,
        compared: body.compared.map((each) => ({
          ...each,
          countedMinor: each.countedMinor + by,
        })),
      };
    default:
      return body;
  }
}

/** Anything that happens all day, and is nothing to tell of. */
function sellAny(making: Making, till: Till, atMs: number): void {
  const { random, settles } = making.state;
  const totalMinor = random.int(100, 20_000);
  const draw = random();
  if (draw < 0.45) {
    const more = random.chance(0.2) ? { externalId: `pos-${till.nextReceipt()}` } : {};
    const sold = sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor), more });
    making.state.yesterday = { receipt: receiptOf(sold), totalMinor };
  } else if (draw < 0.85) sellByCard(making, till, atMs, totalMinor);
  else if (draw < 0.9) {
    const half = Math.floor(totalMinor / 2);
    sell(making, till, atMs, {
      totalMinor,
      tenders: [...cash(half), { type: "voucher", amountMinor: totalMinor - half }],
    });
  } else if (draw < 0.94) {
    // Part of something sold before comes back.
    const original = making.state.yesterday;
    making.state.yesterday = null;
    const back = original ? -Math.ceil(original.totalMinor / 3) : -500;
    sell(making, till, atMs, {
      kind: "return",
      totalMinor: back,
      tenders: cash(back),
      more: original ? { original: original.receipt } : {},
    });
  } else if (draw < 0.97) {
    const body = {
      action: "paid_out",
      currency: CURRENCY,
      amountMinor: random.int(100, 900),
      reason: "milk",
    };
    take(making, till.capture({ kind: "drawer", body, atMs, businessDay: making.businessDay }));
  } else if (!settles) voidOne(making, till, atMs, totalMinor, null);
  else voidOne(making, till, atMs, totalMinor, random.chance(0.5));
}

const receiptOf = ({ event }: Captured): string =>
  "receipt" in event.body ? event.body.receipt : "";

function sellByCard(making: Making, till: Till, atMs: number, totalMinor: number): Captured {
  const { random } = making.state;
  const hasReference = random.chance(0.95);
  const reference = `ref-${till.nextReceipt()}`;
  const tender = { type: "card", amountMinor: totalMinor, ...(hasReference ? { reference } : {}) };
  const sold = sell(making, till, atMs, { totalMinor, tenders: [tender] });
  // Now and then the processor's day ends before the store's.
  const businessDay =
    hasReference && random.chance(0.05) ? nextDay(making.businessDay) : making.businessDay;
  making.lines.push({ businessDay, reference, amountMinor: totalMinor });
  return sold;
}

const nextDay = (day: string): string =>
  new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);

/** Sold and taken back: the processor has heard of both, or of none. */
function voidOne(
  making: Making,
  till: Till,
  atMs: number,
  totalMinor: number,
  isBooked: boolean | null,
): void {
  const reference = `ref-${till.nextReceipt()}`;
  const tenders = [{ type: "card", amountMinor: totalMinor, reference }];
  const sold = sell(making, till, atMs, { totalMinor, tenders });
  const body = {
    receipt: till.nextReceipt(), voids: receiptOf(sold), currency: CURRENCY, totalMinor: -totalMinor,
    tenders: [{ type: "card", amountMinor: -totalMinor }],
  }; // prettier-ignore
  take(making, till.capture({ kind: "void", body, atMs, businessDay: making.businessDay }));
  if (isBooked !== true) return;
  const { businessDay } = making;
  making.lines.push(
    { businessDay, reference, amountMinor: totalMinor },
    { businessDay, reference, amountMinor: -totalMinor },
  );
}

/** A customer of this one day. */
function sellToSomebody(
  making: Making,
  till: Till,
  index: number,
  sale: number,
  atMs: number,
  plant: Plant | null,
): void {
  const { store, random } = making.state;
  const { customers } = making.state;
  const who = customers === undefined ? `${making.businessDay}-${index}-${sale}` : random.int(1, customers);
  const key = keyOf("loyalty", `${store}-${who}`);
  const totalMinor = random.int(100, 9_000);
  const { event, item } = sell(making, till, atMs, {
    totalMinor,
    tenders: cash(totalMinor),
    subject: [key],
  });
  if (customers !== undefined) return;
  const doc: FragmentDoc = openFragment(null, clientIdOf(till.source, 1));
  recordEvent(doc, event, key);
  const fragment = fragmentOf(doc, item.source, 1, key);
  making.fragments.push(fragment);
  if (plant?.name !== "golden" || making.expected.some((each) => each.plant === "golden")) return;
  const expected = expect(making, "golden", "golden_differs", null, plant.amountMinor);
  const set = (minor: number): Statement => ({
    sql: `update customer set activity = json_set(activity, '$.totals.GBP.minor', ?) where id =
      (select customer from source_record where id = ?)`,
    args: [minor, `${till.source}/1/${key}`],
  });
  making.after.push(set(totalMinor + plant.amountMinor));
  making.repairs.push({ expected, statements: [set(totalMinor)] });
}

/** True where the terminal's clock is off from here on. */
function plantInShift(making: Making, till: Till, atMs: number, plant: Plant): boolean {
  const { name, amountMinor } = plant;
  const { random } = making.state;
  const totalMinor = random.int(1_000, 20_000);
  const plain = () => sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor) });
  switch (name) {
    case "gap":
      loseRows(
        making,
        plant,
        Array.from({ length: random.int(1, 3) }, () => plain().item),
      );
      return false;
    case "duplicate_receipt": {
      const first = plain();
      const { item } = sell(making, till, atMs, {
        totalMinor: totalMinor + 1,
        tenders: cash(totalMinor + 1),
        receipt: receiptOf(first),
      });
      expect(making, name, "duplicate", item, totalMinor + 1);
      return false;
    }
    case "duplicate_external": {
      const more = { externalId: `twice-${till.nextReceipt()}` };
      sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor), more });
      const { item } = sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor), more });
      expect(making, name, "duplicate", item, totalMinor);
      return false;
    }
    case "duplicate_resealed": {
      const resealed = { epoch: 7, seq: random.int(1, 900) };
      sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor), resealed });
      const { item } = sell(making, till, atMs, {
        totalMinor,
        tenders: cash(totalMinor),
        resealed,
      });
      expect(making, name, "duplicate", item, totalMinor);
      return false;
    }
    case "chain_content":
      changeRow(making, plant, plain().item, false);
      return false;
    case "chain_predecessor":
      changeRow(making, plant, plain().item, true);
      return false;
    case "fork": {
      const { item } = plain();
      const body = item.body.replaceAll(String(totalMinor), String(totalMinor + amountMinor));
      const fork = { ...item, body, hash: chainHash(item.prev, body) };
      making.forks.push(fork);
      const expected = expect(making, name, "fork", item, totalMinor + amountMinor);
      making.repairs.push({
        expected,
        statements: [
          {
            sql: "delete from intake_problem where source = ? and item = ?",
            args: [item.source, String(item.seq)],
          },
        ],
      });
      return false;
    }
    case "tenders_flagged":
    case "tenders_unflagged": {
      const flags = name === "tenders_flagged" ? ["tenders_differ"] : [];
      const { item } = sell(making, till, atMs, {
        totalMinor,
        tenders: cash(totalMinor - amountMinor),
        flags,
      });
      expect(making, name, "tenders_differ", item, -amountMinor);
      return false;
    }
    case "card_unsettled":
    case "settled_differs":
      plantCard(making, plant, till, atMs, totalMinor);
      return false;
    case "settled_unknown":
      plantLine(making, plant, till);
      return false;
    case "clock":
      expect(making, name, "clock_drift", plain().item, null);
      return true;
    case "return_exceeds":
    case "return_twice":
      plantReturn(making, plant, till, atMs, totalMinor);
      return false;
    case "loyalty": {
      const tenders = [{ type: "loyalty", amountMinor }, ...cash(totalMinor - amountMinor)];
      expect(
        making,
        name,
        "loyalty_differs",
        sell(making, till, atMs, { totalMinor, tenders }).item,
        amountMinor,
      );
      return false;
    }
    case "unreadable": {
      const captured = till.capture({
        kind: "hologram",
        body: { shown: true },
        atMs,
        businessDay: making.businessDay,
      });
      making.items.push(captured.item);
      const of = making.state.sums.get(making.businessDay);
      if (of) of.events += 1;
      expect(making, name, "unreadable", captured.item, null);
      return false;
    }
    case "aside": {
      const { item } = plain();
      making.items[making.items.length - 1] = { ...item, quarantined: "unusable" };
      const expected = expect(making, name, "unreadable", item, totalMinor);
      making.repairs.push({ expected, statements: [], items: [item] });
      return false;
    }
    default:
      plain();
      return false;
  }
}

/** Rows that the database has lost, as a restored one has. */
function loseRows(making: Making, plant: Plant, items: readonly Item[]): void {
  const [first] = items;
  const last = items.at(-1);
  if (!first || !last) return;
  const args = [first.source, first.seq, last.seq];
  const lost = "source = ? and epoch = 1 and seq between ? and ?";
  const expected = expect(making, plant.name, "gap", first, null);
  making.after.push(
    { sql: `insert into lost select ${EVENT_COLUMNS} from event where ${lost}`, args },
    { sql: `delete from event where ${lost}`, args },
  );
  making.repairs.push({
    expected,
    statements: [
      {
        sql: `insert into event (${EVENT_COLUMNS}) select ${EVENT_COLUMNS} from lost where ${lost}`,
        args,
      },
    ],
  });
}

export const EVENT_COLUMNS = `source, epoch, seq, store, kind, key, business_day, at_ms, accepted_ms, received_ms, offset_ms,
  currency, total_minor, receipt, external_id, flags, quarantined, prev, hash, body`;

/** A row that somebody has changed in the database; with its hash, so that only the next one shows it. */
function changeRow(making: Making, { name }: Plant, item: Item, hasHash: boolean): void {
  const body = item.body.replace('"Tea"', '"Tee"');
  const hash = hasHash ? chainHash(item.prev, body) : item.hash;
  const found = hasHash ? { ...item, seq: item.seq + 1 } : item;
  const expected = expect(making, name, "chain_break", found, null);
  const set = (to: { body: string; hash: string }): Statement => ({
    sql: "update event set body = ?, hash = ? where source = ? and epoch = 1 and seq = ?",
    args: [to.body, to.hash, item.source, item.seq],
  });
  making.after.push(set({ body, hash }));
  making.repairs.push({ expected, statements: [set(item)] });
}

function plantCard(
  making: Making,
  { name, amountMinor }: Plant,
  till: Till,
  atMs: number,
  totalMinor: number,
): void {
  const { store } = making.state;
  const reference = `ref-${till.nextReceipt()}`;
  const { item } = sell(making, till, atMs, {
    totalMinor,
    tenders: [{ type: "card", amountMinor: totalMinor, reference }],
  });
  const isMissing = name === "card_unsettled";
  if (!isMissing)
    making.lines.push({
      businessDay: making.businessDay,
      reference,
      amountMinor: totalMinor - amountMinor,
    });
  const expected = expect(making, name, name, item, isMissing ? totalMinor : -amountMinor);
  const sql = isMissing
    ? "insert into settlement_line (file, line, store, business_day, reference, currency, amount_minor) values (9000000, ?4, ?1, ?2, ?3, 'GBP', ?5)"
    : "update settlement_line set amount_minor = ?5 where store = ?1 and business_day = ?2 and reference = ?3 and ?4 > 0";
  const line = making.state.random.int(1, 2 ** 40);
  making.repairs.push({
    expected,
    statements: [{ sql, args: [store, making.businessDay, reference, line, totalMinor] }],
  });
}

function plantLine(making: Making, { name, amountMinor }: Plant, till: Till): void {
  const reference = `nobody-${till.source}-${making.businessDay}`;
  making.lines.push({ businessDay: making.businessDay, reference, amountMinor });
  const expected = expect(making, name, name, null, amountMinor);
  making.repairs.push({
    expected,
    statements: [{ sql: "delete from settlement_line where reference = ?", args: [reference] }],
  });
}

/** More than was paid for it at once, or bit by bit. */
function plantReturn(
  making: Making,
  { name, amountMinor }: Plant,
  till: Till,
  atMs: number,
  totalMinor: number,
): void {
  const receipt = receiptOf(sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor) }));
  const bring = (backMinor: number) =>
    sell(making, till, atMs, {
      kind: "return",
      totalMinor: -backMinor,
      tenders: cash(-backMinor),
      more: { original: receipt },
    });
  if (name === "return_exceeds") {
    expect(making, name, "return_exceeds", bring(totalMinor + amountMinor).item, amountMinor);
    return;
  }
  bring(totalMinor - 100);
  expect(making, name, "return_exceeds", bring(100 + amountMinor).item, amountMinor);
}

/** What was sold on a day whose Z is there already (REC1). */
function sellLate(making: Making, till: Till, index: number): void {
  const owed = making.state.owedLate.filter(({ plant }) => plant.till === index);
  making.state.owedLate = making.state.owedLate.filter(({ plant }) => plant.till !== index);
  for (const { plant, businessDay } of owed) {
    const flags = plant.name === "late" ? ["late"] : [];
    const options = {
      totalMinor: plant.amountMinor,
      tenders: cash(plant.amountMinor),
      flags,
      businessDay,
      isLate: true,
    };
    const { item } = sell(making, till, making.startMs - 60_000, options);
    sell(making, till, making.startMs - 60_000, options);
    expect(making, plant.name, "late_sale", item, plant.amountMinor * 2, businessDay);
  }
}

function makeSeal(making: Making, plants: readonly Plant[]): void {
  const { tills } = making.state;
  const [first] = tills;
  if (!first) return;
  const plant = plants.find(({ name }) => name === "seal_head" || name === "seal_root") ?? null;
  const heads = tills.map(({ head }, at) =>
    plant?.name === "seal_head" && plant.till === at ? { ...head, hash: "0".repeat(64) } : head,
  );
  const root = plant?.name === "seal_root" ? "f".repeat(64) : merkleRoot(heads);
  const at = { atMs: making.startMs + 14 * 3_600_000, businessDay: making.businessDay };
  const { item } = take(making, first.seal(at, { heads, root }));
  const wrong = plant && tills[plant.till]?.head;
  if (plant?.name === "seal_head" && wrong) {
    // The head of the sealing till is the row before its seal.
    const seq = plant.till === 0 ? wrong.seq - 1 : wrong.seq;
    expect(making, plant.name, "seal_differs", { source: wrong.source, epoch: 1, seq }, null);
  }
  if (plant?.name === "seal_root") expect(making, plant.name, "seal_differs", item, null);
}
