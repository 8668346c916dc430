/** What one record of a file became: the unit of sending, and of going on after an interruption. */
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import { CommandFailure } from "../command.ts";
import type { Failure } from "@regulars/shared/connect/failure";

/** Where it stands in the file, counted from 1: the line where lines can be told, else which record it is. */
export interface Place {
  readonly unit: "line" | "record";
  readonly number: number;
}

export interface Item {
  readonly captures: readonly ConnectCapture[];
  /** It cannot be used: goes to the intake desk as it stood in the file. */
  readonly failed?: { readonly key: string; readonly failure: Failure; readonly raw: Uint8Array };
  /** Understood, and nothing that is kept. */
  readonly skipped?: string;
  /** Of the file, counted from 1; left out where lines say nothing, as in XML or in a list. */
  readonly line?: number;
  /** How far the file has been read, from 0 to 1. */
  readonly position: number;
}

/** `record` is which record of the file it is, counted from 1. */
export const placeOf = ({ line }: Item, record: number): Place =>
  line === undefined ? { unit: "record", number: record } : { unit: "line", number: line };

/** The file breaks off, or is no text from here on: what came before it is good. */
export class FileBroke extends CommandFailure {}

/** Items of a file in its order, the same at each reading. A sentence is thrown where it breaks off. */
export type Source = AsyncGenerator<Item>;
