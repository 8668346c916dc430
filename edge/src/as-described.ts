/** An answer that has the form that the document promises. */
import type { z } from "zod";

/** Of a schema, what fits it and is not to be changed. */
export type Fits<Value> = Value extends object
  ? { readonly [Name in keyof Value]: Fits<Value[Name]> }
  : Value;

/** The compiler refuses a value that does not fit. */
export const fits = <Schema extends z.ZodType>(
  _schema: Schema,
  value: Fits<z.infer<Schema>>,
): Fits<z.infer<Schema>> => value;
