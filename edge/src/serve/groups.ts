/** The parts of a view: what a caller may or may not see, each as one. */
import type { ClaimField } from "@regulars/shared/events/claim";
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

/** The fields of a profile that each group shows. */
export const GROUP_OF_FIELD = {
  givenName: "identity",
  familyName: "identity",
  language: "identity",
  country: "identity",
  email: "contact",
  phone: "contact",
  address: "contact",
  birthDate: "birth",
  loyaltyNumber: "loyalty",
} as const satisfies Record<ClaimField, ViewGroup>;

export const groupOfField = (field: ClaimField): ViewGroup => GROUP_OF_FIELD[field];
