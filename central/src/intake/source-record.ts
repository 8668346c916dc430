/** A fragment on arrival: checked to be what it says it is before anything believes it (SYN4, SYN5, FRG2). */
import { base64ToBytes } from "@regulars/shared/digest";
import { clampContribution, NO_CLAMPS } from "@regulars/shared/fragment/clamp";
import { type Contribution } from "@regulars/shared/fragment/contribution";
import { openDocument } from "@regulars/shared/fragment/document";
import { readContribution } from "@regulars/shared/fragment/fragment";
import { decideUpdate } from "@regulars/shared/fragment/update";
import { clientIdOf, type CustomerId, fragmentIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentsIntake } from "@regulars/shared/protocol/intake";
import { fail, ok, type Result } from "@regulars/shared/result";

export type ArrivedFragment = FragmentsIntake["fragments"][number];

/** A fragment as identity resolution sees it. */
export interface SourceRecord {
  readonly id: string;
  readonly clock: number;
  readonly contribution: Contribution;
}

export interface ArrivedRecord extends SourceRecord {
  /** Where the edge has put it. */
  readonly edgeCustomer: CustomerId;
  readonly sha256: string;
  readonly state: Uint8Array;
}

export type RefusalCode =
  | "fragment_too_large"
  | "checksum"
  | "foreign_writer"
  | "not_a_fragment"
  | "key_mismatch"
  | "clock_mismatch";

export function openSourceRecord(arrived: ArrivedFragment): Result<ArrivedRecord, RefusalCode> {
  const { source, epoch, key, clock, sha256 } = arrived;
  const state = bytesOf(arrived.state);
  if (!state) return fail("checksum");
  if (state.length > LIMITS.fragmentBytes) return fail("fragment_too_large");
  const clientId = clientIdOf(source, epoch);
  const verdict = decideUpdate({ update: state, sha256, clientId, clock: 0 });
  switch (verdict.verdict) {
    case "refused":
      return fail(verdict.code === "not_an_update" ? "not_a_fragment" : verdict.code);
    case "gap":
    case "duplicate":
      return fail("not_a_fragment"); // an update of a document, not a document
    case "next":
      if (verdict.toClock !== clock) return fail("clock_mismatch");
  }
  const contribution = contributionOf(state);
  if (!contribution) return fail("not_a_fragment");
  if (contribution.source !== source || contribution.epoch !== epoch || contribution.key !== key) {
    return fail("key_mismatch");
  }
  if (!(key in contribution.keys)) return fail("not_a_fragment");
  const id = fragmentIdOf(source, epoch, key);
  const clamped = clampContribution(contribution, arrived.clamps ?? NO_CLAMPS);
  const edgeCustomer = arrived.customer;
  return ok({ id, clock, contribution: clamped, edgeCustomer, sha256, state });
}

function bytesOf(base64: string): Uint8Array | null {
  try {
    return base64ToBytes(base64);
  } catch {
    return null; // a length or padding that no base64 has
  }
}

function contributionOf(state: Uint8Array): Contribution | null {
  try {
    const doc = openDocument(state);
    const contribution = readContribution(doc);
    doc.destroy();
    return contribution;
  } catch {
    return null; // Yjs and zod throw errors of many kinds on what is no fragment; all mean the same here
  }
}
