/** What pages about customers, and those on which somebody decides about them, work with. */
import type { IdentityOptions } from "@regulars/shared/identity/key";
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { Person } from "../../access/person.ts";
import type { Intake } from "../../intake/intake.ts";
import { Refused } from "../../problem-answer.ts";

export interface DeskDeps {
  readonly storage: Storage;
  readonly identity: IdentityOptions;
  readonly intake: Pick<Intake, "alone">;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** There is something to publish. */
  readonly onDecided: () => void;
}

const FORM_BYTES = 8 * 1024;

export const form = () =>
  bodyLimit({
    maxSize: FORM_BYTES,
    onError: () => {
      throw new Refused("too_large");
    },
  });

export const decisionIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "is not the id of a decision");
export const seenSchema = z.string().regex(/^[0-9a-f]{24}$/, "is not what a page has shown");
export const noteSchema = z
  .string()
  .trim()
  .max(LIMITS.noteChars)
  .transform((note) => note || undefined)
  .optional();

/** As colleagues know them; it stands in golden records, and goes to the edge. The audit has the id. */
export const byOf = ({ name, id }: Person): string => (name.trim() || id).slice(0, 64);
