/**
 * What somebody says over the profile API. Who it is about has been proven by a token, or was looked up by staff: the keys come
 * beside what is said, and what is said makes none. Whoever names another one's e-mail address here is not that other one.
 */
import { z } from "zod";
import { identityKeySchema } from "../../ids.ts";
import { LIMITS } from "../../limits.ts";
import { fail, ok } from "../../result.ts";
import { connectCaptureSchema } from "../captures.ts";
import { failureOf } from "../failure.ts";
import type { Mapped, Sent } from "../mapper.ts";
import { readJson } from "../read/json.ts";

export const APP_FORMAT = "app";

export const appSayingSchema = z.object({
  /** Keys of the customer whom it is about, strongest first. */
  subject: z.array(identityKeySchema).min(1).max(LIMITS.subjectKeys),
  /** The customer says it, and nobody has checked it. */
  own: z.boolean(),
  capture: connectCaptureSchema.refine(({ kind }) => kind === "claim" || kind === "consent"),
});
export type AppSaying = z.infer<typeof appSayingSchema>;

export function mapApp({ body }: Sent): Mapped {
  const json = readJson(body);
  if (!json.ok) return json;
  const saying = appSayingSchema.safeParse(json.value);
  if (!saying.success) return fail(failureOf("bad_field"));
  const { capture, subject, own } = saying.data;
  return ok({ captures: [capture], proven: { subject, own } });
}
