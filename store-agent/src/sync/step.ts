/** A step of sync: what it is given, and what it leaves behind. */
import type { Life } from "@regulars/shared/protocol/life";
import type { Storage } from "@regulars/shared/storage/port";
import type { ArchiveReader } from "../archive/archive.ts";
import type { EdgePort } from "./edge-port.ts";
import type { Epochs } from "./epochs.ts";

/** What a call left behind. */
export interface Step {
  /** False when there was nothing to say, so nothing is known about the edge either. */
  readonly called: boolean;
  /** There is more to do at once. */
  readonly more: boolean;
  /** The edge wants to be left alone this long (SYN7). */
  readonly retryAfterMs: number;
}

export interface SyncDeps {
  readonly storage: Storage;
  readonly archive: ArchiveReader;
  readonly edge: EdgePort;
  readonly epochs: Epochs;
  readonly life: Life;
  readonly nowMs: () => number;
  readonly source: string;
  readonly store: string;
  /** The edge has less than it had said, or asks for fragments: both lanes have something to send. */
  readonly onBehind: () => void;
  /** More rows are golden. */
  readonly onGolden: () => void;
  /** Told what the clock was off by, when it was measured. */
  readonly onOffset: (offsetMs: number) => void;
}

export const IDLE: Step = { called: false, more: false, retryAfterMs: 0 };
export const AGAIN: Step = { ...IDLE, more: true };
