/** Birth dates as channels write them: another notation is right, day and month exchanged is not. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import { hasFlaw } from "./flaws.ts";
import type { Draft } from "./source-record.ts";

const months = "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec".split(",");

type Notation = (year: string, month: string, day: string) => string;
const notations: readonly Notation[] = [
  (year, month, day) => `${day}/${month}/${year}`,
  (year, month, day) => `${month}/${day}/${year}`,
  (year, month, day) => `${year}${month}${day}`,
  (year, month, day) => `${day}.${month}.${year}`,
  (year, month, day) => `${Number(day)} ${months[Number(month) - 1] ?? ""} ${year}`,
];

export function writeDate(dice: Faker, draft: Draft, ownNotation: number): void {
  const { fields, cases } = draft;
  if (fields.birth_date === "" || cases.has("default_date")) return;
  const [year = "", month = "", day = ""] = fields.birth_date.split("-");
  const isTransposed = hasFlaw(draft, "transposed");
  const [first, second] = isTransposed ? [day, month] : [month, day];
  if (isTransposed) cases.add("transposed_date");
  fields.birth_date = `${year}-${first}-${second}`;
  if (!chance(dice, ownNotation)) return;
  fields.birth_date = dice.helpers.arrayElement(notations)(year, first, second);
  cases.add("date_format");
}
