/** The packed columns of source records and customers, each with what it is packed against. */
import { stampToMs, writerOfStamp } from "@regulars/shared/clock";
import { type Contribution, contributionSchema } from "@regulars/shared/fragment/contribution";
import { bytesOf, type Row, type SqlValue, textOf } from "@regulars/shared/storage/port";
import { isPacked, pack, unpack, unpackBytes } from "./packed.ts";

/** Against what the record's id says of it: source, epoch and key. */
export const packContribution = (id: string, json: string): Uint8Array =>
  pack("contribution", json, contextOfRecord(id));

function contextOfRecord(id: string): string {
  const [source = "", epoch = "", ...key] = id.split("/");
  return `"receipt":"${source}-","source":"${source}","epoch":${epoch},"key":"${key.join("/")}","01a1-0000-${source}/${epoch}"`;
}

/** The row has `id` and `contribution`. */
export const contributionText = (row: Row): string =>
  unpack("contribution", row["contribution"], contextOfRecord(textOf(row, "id")));

export const contributionIn = (row: Row): Contribution =>
  contributionSchema.parse(JSON.parse(contributionText(row)));

/** Against the contribution that it says: nearly all of it stands there. */
export const packState = (state: Uint8Array, contribution: string): Uint8Array =>
  pack("state", state, contribution);

/** The row has `id`, `contribution` and `state`. */
export function stateIn(row: Row): Uint8Array {
  const state = bytesOf(row, "state");
  return isPacked(state) ? unpackBytes("state", state, contributionText(row)) : state;
}

export const packGolden = (json: string): Uint8Array => pack("golden", json);
/** Against its newest stamp, which the row has as `as_of`. */
export const packActivity = (json: string, asOf: SqlValue): Uint8Array =>
  pack("activity", json, contextOfStamp(asOf));

function contextOfStamp(stamp: SqlValue | undefined): string {
  if (typeof stamp !== "string") return "";
  const writer = writerOfStamp(stamp);
  const [source = ""] = writer.split("/");
  return `"receipt":"${source}-","event":"${writer}/","at":"${new Date(stampToMs(stamp)).toISOString()}","stamp":"${stamp}"`;
}

export const goldenText = (row: Row): string => unpack("golden", row["golden"]);
/** The row has `activity` and `as_of`. */
export const activityText = (row: Row): string =>
  unpack("activity", row["activity"], contextOfStamp(row["as_of"]));

/** Keys and features of a unit, against its own key. */
export const packUnitText = (text: string, ownKey: string): Uint8Array =>
  pack("unit", text, ownKey);
export const unitText = (row: Row, column: "keys" | "features"): string =>
  unpack("unit", row[column], textOf(row, "own_key"));
