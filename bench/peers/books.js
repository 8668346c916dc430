/** What the tills of all peers know: each sale, and of each regular what was learned, as a document of its own. */
import { regularAt, regularOf, regularsOf, saleAt } from "../sync/sales.ts";

const RECENT = 10;
const STARTED_MS = Date.UTC(2026, 0, 5, 9);
const BETWEEN_MS = 20_000;

/** The sales from the first to the last asked for, and how the regulars stand after them. */
export function createBooks(sales) {
  const regulars = regularsOf(sales);
  const known = new Map();
  return {
    take(from, count) {
      const touched = new Set();
      const sold = Array.from({ length: count }, (_, at) => {
        const nth = from + at;
        const sale = soldAt(nth, regulars);
        const regular = regularAt(nth, regulars);
        if (regular !== null) {
          known.set(regular, learned(known.get(regular) ?? firstOf(regular, sale), sale));
          touched.add(regular);
        }
        return sale;
      });
      return { sold, regulars: [...touched].map((regular) => known.get(regular)) };
    },
  };
}

/** The words of our own event: the same facts, no hash and no fragment. */
function soldAt(nth, regulars) {
  const { externalId, lines } = saleAt(nth, regulars);
  const at = new Date(STARTED_MS + nth * BETWEEN_MS).toISOString();
  const priced = lines.map((line) => ({ ...line, amountMinor: minorOf(line) }));
  const regular = regularAt(nth, regulars);
  return {
    source: "till-1",
    seq: nth + 1,
    zone: "Europe/London",
    store: "store-1",
    channel: "till",
    at,
    businessDay: at.slice(0, 10),
    subject: regular === null ? [] : [`loyalty:${regularOf(regular).loyaltyNumber}`],
    kind: "sale",
    receipt: `till-1-1-${String(nth + 1).padStart(6, "0")}`,
    externalId,
    currency: "GBP",
    lines: priced,
    tenders: [],
    totalMinor: priced.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  };
}

const minorOf = ({ quantity, unitPrice }) => Math.round(Number(quantity) * Number(unitPrice) * 100);

const firstOf = (regular, { at }) => ({
  ...regularOf(regular),
  first: at,
  totals: { GBP: { sales: 0, minor: 0 } },
  recent: [],
});

function learned(before, { receipt, at, store, currency, totalMinor, lines }) {
  const { sales, minor } = before.totals[currency];
  const items = lines.map(({ description }) => description);
  const sale = {
    kind: "sale",
    receipt,
    at,
    store,
    currency,
    totalMinor,
    lines: lines.length,
    items,
  };
  return {
    ...before,
    last: at,
    totals: { [currency]: { sales: sales + 1, minor: minor + totalMinor } },
    recent: [...before.recent, sale].slice(-RECENT),
  };
}
