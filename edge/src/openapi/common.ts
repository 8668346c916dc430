import type { ProblemReason } from "@regulars/shared/problem";
import type { z } from "zod";

/** Of a route that reads a body of JSON (`read-body.ts`). */
export const BODY: readonly ProblemReason[] = [
  "malformed_json",
  "damaged_body",
  "unsupported_protocol",
  "too_large",
  "invalid_field",
];

export const answer = (schema: z.ZodType, description = "As it stands.", example?: unknown) => ({
  description,
  schema,
  ...(example === undefined ? {} : { example }),
});
