/** What of a customer's values a page shows to whoever looks at it. */
import type { FieldGroup } from "@regulars/shared/access/actions";
import { groupOfField } from "@regulars/shared/access/field-groups";
import { HIDDEN, shownValue } from "@regulars/shared/access/mask";
import type { ClaimField, ClaimValue } from "@regulars/shared/events/claim";
import { valueWords } from "../words.ts";

/** Groups of fields, by the table of access. */
export type Granted = ReadonlySet<FieldGroup>;

export function shownWords(field: ClaimField, value: ClaimValue, granted: Granted): string {
  const shown = shownValue(field, value, granted);
  if (shown === null) return HIDDEN;
  const words = valueWords(shown);
  const isPart = typeof shown !== "string" && !granted.has(groupOfField(field));
  return isPart ? `${HIDDEN} ${words}` : words;
}

/** Something is kept back that the person may ask for. */
export const isMasked = (granted: Granted): boolean =>
  !granted.has("contact") || !granted.has("birth");
