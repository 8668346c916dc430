/** Codes that a till is enrolled with: read from a screen and typed, so no letters that look like digits. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS = 5;
const GROUP_CHARS = 4;

/** 100 bits: `7K2M-…`, five groups of four. */
export function newEnrolmentCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_CHARS));
  // 256 is a multiple of 32: every letter is as likely.
  const letters = [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length] ?? "");
  const groups = Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_CHARS, (group + 1) * GROUP_CHARS).join(""),
  );
  return groups.join("-");
}

/** However it was typed. */
export function plainCode(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
}
