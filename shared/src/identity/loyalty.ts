/** Loyalty numbers: printed with spaces and dashes, scanned without. */

/** Upper-cased letters and digits, or null when nothing is left or it is too long to be a card number. */
export function normaliseLoyaltyNumber(raw: string): string | null {
  const bare = raw
    .normalize("NFKC")
    .replaceAll(/[\s._-]/g, "")
    .toUpperCase();
  return /^[A-Z0-9]{1,32}$/.test(bare) ? bare : null;
}
