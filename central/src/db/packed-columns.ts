/** The packed columns of source records and customers, each with what it is packed against. */
import { type Contribution, contributionSchema } from "@regulars/shared/fragment/contribution";
import { bytesOf, type Row, textOf } from "@regulars/shared/storage/port";
import { isPacked, pack, unpack, unpackBytes } from "./packed.ts";

/** Against the record's id, which says half of it. */
export const packContribution = (id: string, contribution: Contribution): Uint8Array =>
  pack("contribution", JSON.stringify(contribution), id);

/** The row has `id` and `contribution`. */
export const contributionText = (row: Row): string =>
  unpack("contribution", row["contribution"], textOf(row, "id"));

export const contributionIn = (row: Row): Contribution =>
  contributionSchema.parse(JSON.parse(contributionText(row)));

/** Against the contribution that it says: nearly all of it stands there. */
export const packState = (state: Uint8Array, contribution: Contribution): Uint8Array =>
  pack("state", state, JSON.stringify(contribution));

/** The row has `id`, `contribution` and `state`. */
export function stateIn(row: Row): Uint8Array {
  const state = bytesOf(row, "state");
  return isPacked(state) ? unpackBytes("state", state, contributionText(row)) : state;
}

export const packGolden = (golden: object): Uint8Array => pack("golden", JSON.stringify(golden));
export const packActivity = (activity: object): Uint8Array =>
  pack("activity", JSON.stringify(activity));

export const goldenText = (row: Row): string => unpack("golden", row["golden"]);
export const activityText = (row: Row): string => unpack("activity", row["activity"]);

/** Keys and features of a unit, against its own key. */
export const packUnitText = (text: string, ownKey: string): Uint8Array => pack("unit", text, ownKey);
export const unitText = (row: Row, column: "keys" | "features"): string =>
  unpack("unit", row[column], textOf(row, "own_key"));
