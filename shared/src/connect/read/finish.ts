/** The last step of every mapper: what was noted, or captures that are checked. */
import { fail, ok } from "../../result.ts";
import { type ConnectCapture, connectCaptureSchema } from "../captures.ts";
import { failureOf } from "../failure.ts";
import type { Mapped } from "../mapper.ts";
import { sumMinor } from "./lines.ts";
import type { Notes } from "./part.ts";

/** Deny by default: a capture that does not hold is a failure, with the name of the capture's field. */
export function finish(notes: Notes, captures: readonly ConnectCapture[]): Mapped {
  if (notes.failure) return fail(notes.failure);
  for (const capture of captures) {
    const parsed = connectCaptureSchema.safeParse(capture);
    // The first name of the path only: what lies deeper may be a name that was sent (SEC2).
    const field = parsed.success ? undefined : String(parsed.error.issues[0]?.path[0] ?? "kind");
    if (field !== undefined) return fail(failureOf("bad_field", field));
    if ("lines" in capture && !Number.isSafeInteger(sumMinor(capture.lines))) {
      return fail(failureOf("bad_money", "lines"));
    }
  }
  return ok({ captures });
}

/** Understood, and nothing that is kept. */
export const nothing = (): Mapped => ok({ captures: [] });
