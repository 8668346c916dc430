/** Reads personal names as people and forms write them into folded tokens that can be compared. */
import { nameTerms } from "./name.ts";
import { accepted, type Normalised, rejected } from "./normalised.ts";

export interface PersonName {
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** jr, sr, ii, iii, iv */
  readonly suffix: string | null;
}

export interface NameParts {
  readonly full?: string;
  readonly given?: string;
  readonly middle?: string;
  readonly family?: string;
}

export type NameReason = "empty" | "too-long" | "not-a-name" | "placeholder";

export function readName(parts: NameParts): Normalised<PersonName, NameReason> {
  const full = nameTerms(parts.full ?? "");
  const given = [...nameTerms(parts.given ?? ""), ...nameTerms(parts.middle ?? "")];
  const family = nameTerms(parts.family ?? "");
  const name =
    given.length + family.length > 0
      ? { given, family, suffix: null }
      : { given: full.slice(0, -1), family: full.slice(-1), suffix: null };
  if (name.given.length + name.family.length === 0) return rejected("empty");
  return accepted(name, false);
}

export function foldName(text: string): string {
  return nameTerms(text).join(" ");
}
