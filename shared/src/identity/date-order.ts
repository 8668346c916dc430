/** In which order a country writes day, month and year, where it writes them in numbers. */

const ORDER_BY_COUNTRY: ReadonlyMap<string, "mdy" | "ymd" | null> = new Map([
  ...["US", "PR", "GU", "AS", "VI", "PH", "FM", "MH", "PW"].map((code) => [code, "mdy"] as const),
  ...["CN", "JP", "KR", "KP", "TW", "HU", "LT", "MN", "SE", "IR", "BT"].map(
    (code) => [code, "ymd"] as const,
  ),
  // Both are in use: no order can be taken for granted.
  ...["CA", "HK", "MO", "ZA", "KE"].map((code) => [code, null] as const),
]);

/** Null where a country uses several; elsewhere the day stands first. */
export function dateOrderOf(country: string): "dmy" | "mdy" | "ymd" | null {
  const order = ORDER_BY_COUNTRY.get(country);
  return order === undefined ? "dmy" : order;
}
