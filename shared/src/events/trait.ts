/** Traits: named values of the retailer's own making, beside the fields that every profile knows. */
import { z } from "zod";
import { LIMITS } from "../limits.ts";

/** Closed for names that every JavaScript object has: a value by such a name would be read where none was said. */
export const ownName = (maxChars: number) =>
  z
    .string()
    .min(1)
    .max(maxChars)
    .refine((name) => !Object.hasOwn(Object.prototype, name), "is not a name that can be given");

export const traitNameSchema = ownName(LIMITS.traitNameChars);
export const traitValueSchema = z.union([
  z.string().max(LIMITS.fieldChars),
  z.number(),
  z.boolean(),
]);
export type TraitValue = z.infer<typeof traitValueSchema>;

export const traitsSchema = z
  .record(traitNameSchema, traitValueSchema)
  .refine((traits) => Object.keys(traits).length <= LIMITS.traits, {
    message: `has more than ${LIMITS.traits} names`,
  });
export type Traits = z.infer<typeof traitsSchema>;
