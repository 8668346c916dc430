/** Events of one body that is said as it stands, at a till as by a connector. Pure. */
import { behaviourSchema } from "../events/behaviour.ts";
import { cartSchema } from "../events/cart.ts";
import { consentSchema } from "../events/consent.ts";
import { loyaltySchema } from "../events/loyalty.ts";
import { noteSchema } from "../events/note.ts";
import type { ConnectCapture } from "../connect/captures.ts";
import type { Draft } from "./draft.ts";
import type { CaptureInput } from "./input.ts";

export type Envelope = Pick<Draft, "at" | "businessDay" | "subject" | "flags">;

type SaidKind = "consent" | "note" | "behaviour" | "cart" | "loyalty";
export type SaidInput = Extract<CaptureInput | ConnectCapture, { kind: SaidKind }>;

/** The body is what its schema knows of the capture, and nothing else. */
export function saidDraft(input: SaidInput, envelope: Envelope): Draft {
  switch (input.kind) {
    case "consent":
      return { ...envelope, kind: "consent", body: consentSchema.parse(input) };
    case "note":
      return { ...envelope, kind: "note", body: noteSchema.parse(input) };
    case "behaviour":
      return { ...envelope, kind: "behaviour", body: behaviourSchema.parse(input) };
    case "cart":
      return { ...envelope, kind: "cart", body: cartSchema.parse(input) };
    case "loyalty":
      return { ...envelope, kind: "loyalty", body: loyaltySchema.parse(input) };
  }
}
