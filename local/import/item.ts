/** What one record of a file became: the unit of sending, and of going on after an interruption. */
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import { CommandFailure } from "../command.ts";
import type { Failure } from "@regulars/shared/connect/failure";

export interface Item {
  readonly captures: readonly ConnectCapture[];
  /** It cannot be used: goes to the intake desk as it stood in the file. */
  readonly failed?: { readonly key: string; readonly failure: Failure; readonly raw: Uint8Array };
  /** Understood, and nothing that is kept. */
  readonly skipped?: string;
  /** How far the file has been read, from 0 to 1. */
  readonly position: number;
}

/** The file breaks off, or is no text from here on: what came before it is good. */
export class FileBroke extends CommandFailure {}

/** Items of a file in its order, the same at each reading. A sentence is thrown where it breaks off. */
export type Source = AsyncGenerator<Item>;
