/** What a whole column tells about how its values were written, and no single value could. */
import { countryCodeOf, regionCodeOf } from "@regulars/shared/identity/places";

export type DateOrder = "dmy" | "mdy" | "ymd";

const americanOrder = new Set(["US", "PH"]);

/** By the values that can be read in one way only; where there are none, as the country writes. */
export function dateOrderOf(values: readonly string[], country: string | null): DateOrder {
  const counts: Record<DateOrder, number> = { dmy: 0, mdy: 0, ymd: 0 };
  for (const value of values) {
    if (/^\D*(19|20)\d{2}(\D|\d{4}\b)/.test(value)) {
      counts.ymd++;
      continue;
    }
    const [, first, second] = /^\D*(\d{1,2})\D+(\d{1,2})\D+\d{2,4}/.exec(value) ?? [];
    if (first === undefined || second === undefined) continue;
    if (Number(first) > 12 && Number(second) <= 12) counts.dmy++;
    if (Number(second) > 12 && Number(first) <= 12) counts.mdy++;
  }
  if (counts.dmy > 0 || counts.mdy > 0) return counts.mdy > counts.dmy ? "mdy" : "dmy";
  if (counts.ymd > 0) return "ymd";
  return country !== null && americanOrder.has(country) ? "mdy" : "dmy";
}

const tried = ["US", "AU", "CA"] as const;
/** So many of the regions must be of one country before they tell it. */
const mostRegions = 0.6;

/** The country that most records name, or whose regions they name; null when they do not tell. */
export function countryOf(
  records: readonly { readonly country?: string; readonly region?: string }[],
): string | null {
  const named = new Map<string, number>();
  const regions = new Map<string, number>();
  let regionCount = 0;
  const countryCodes = new Map<string, string | null>();
  for (const { country = "", region = "" } of records) {
    if (!countryCodes.has(country))
      countryCodes.set(country, country === "" ? null : countryCodeOf(country));
    const code = countryCodes.get(country);
    if (code) named.set(code, (named.get(code) ?? 0) + 1);
    if (region === "") continue;
    regionCount++;
    regions.set(region, (regions.get(region) ?? 0) + 1);
  }
  const most = [...named].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0];
  if (most) return most[0];
  for (const country of tried) {
    let known = 0;
    for (const [region, count] of regions) if (regionCodeOf(region, country)) known += count;
    if (known > regionCount * mostRegions) return country;
  }
  return null;
}
