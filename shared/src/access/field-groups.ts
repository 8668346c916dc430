/** To which group of fields each claim belongs: one place, so that edge and console hide the same. */
import type { ClaimField } from "../events/claim.ts";
import type { FieldGroup } from "./actions.ts";

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
} as const satisfies Record<ClaimField, FieldGroup>;

export const groupOfField = (field: ClaimField): (typeof GROUP_OF_FIELD)[ClaimField] =>
  GROUP_OF_FIELD[field];
