/** What rows hold packed: taken out of the template once, and packed for each copy, whose own names it is packed against. */
import type { Row, SqlValue } from "../../shared/src/storage/port.ts";
import { bodyOf, packBody } from "../../central/src/db/event-body.ts";
import {
  activityText,
  contributionText,
  goldenText,
  packActivity,
  packContribution,
  packGolden,
  packState,
  packUnitText,
  stateIn,
  unitText,
} from "../../central/src/db/packed-columns.ts";

type Values = Record<string, SqlValue>;

interface Packing {
  /** Texts by column; a state as Latin-1. */
  texts(row: Row): Readonly<Record<string, string>>;
  /** Packs the texts of a row whose other columns are as they will be. */
  pack(row: Values, texts: Readonly<Record<string, string>>): void;
}

const said = (row: Values, column: string): string => String(row[column]);

/** By table; none of the others holds anything packed. */
export const PACKED: Readonly<Partial<Record<string, Packing>>> = {
  event: {
    texts: (row) => ({ body: bodyOf(row) }),
    pack(row, { body = "" }) {
      const { kind = null, quarantined = null, source = null, epoch = null, seq = null } = row;
      const { store = null, key = null, business_day = null, at_ms = null, receipt = null } = row;
      const { currency = null, total_minor = null } = row;
      row["body"] = packBody(body, {
        kind, quarantined, source, epoch, seq, store, key, business_day, at_ms, receipt, currency, total_minor,
      }); // prettier-ignore
    },
  },
  source_record: {
    texts: (row) => ({
      contribution: contributionText(row),
      state: Buffer.from(stateIn(row)).toString("latin1"),
    }),
    pack(row, { contribution = "", state = "" }) {
      row["contribution"] = packContribution(said(row, "id"), contribution);
      row["state"] = packState(Buffer.from(state, "latin1"), contribution);
    },
  },
  customer: {
    texts: (row) =>
      row["golden"] === null ? {} : { golden: goldenText(row), activity: activityText(row) },
    pack(row, { golden, activity }) {
      if (golden !== undefined) row["golden"] = packGolden(golden);
      if (activity !== undefined) row["activity"] = packActivity(activity, row["as_of"] ?? null);
    },
  },
  golden_history: {
    texts: (row) => (row["golden"] === "" ? {} : { golden: goldenText(row) }),
    pack(row, { golden }) {
      if (golden !== undefined) row["golden"] = packGolden(golden);
    },
  },
  unit: {
    texts: (row) => ({ keys: unitText(row, "keys"), features: unitText(row, "features") }),
    pack(row, { keys = "", features = "" }) {
      row["keys"] = packUnitText(keys, said(row, "own_key"));
      row["features"] = packUnitText(features, said(row, "own_key"));
    },
  },
};
