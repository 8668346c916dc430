/** The parts of a view: what a caller may or may not see, each as one. */
import type { FieldGroup } from "@regulars/shared/access/actions";

/** In the order in which they are stored and answered. The others say how a profile came about. */
export const VIEW_GROUPS = [
  "identity",
  "contact",
  "contactMasked",
  "birth",
  "consents",
  "purchases",
  "notes",
  "traits",
  "behaviour",
  "loyalty",
  "keys",
] as const satisfies readonly FieldGroup[];
export type ViewGroup = (typeof VIEW_GROUPS)[number];

/** A masked contact is answered in the place of the contact. */
export const nameOf = (group: ViewGroup): Exclude<ViewGroup, "contactMasked"> =>
  group === "contactMasked" ? "contact" : group;
