/**
 * Hybrid logical clock (Kulkarni et al. 2014): time that never runs backwards at one writer and orders what it has seen.
 * A stamp is text that sorts like time: 12 hex digits of milliseconds, 4 of counter, then the writer.
 */
import { z } from "zod";
import { LIMITS } from "./limits.ts";

export const stampSchema = z
  .string()
  .max(16 + 2 + LIMITS.sourceIdChars + 12)
  .regex(/^[0-9a-f]{12}-[0-9a-f]{4}-.+$/, "is not a stamp");
export type Stamp = string;

export interface ClockState {
  readonly ms: number;
  readonly counter: number;
}

export const CLOCK_START: ClockState = { ms: 0, counter: 0 };

/** The state of the next stamp. Wall time may stand still or jump back: the counter goes on. */
export function tick(state: ClockState, wallMs: number): ClockState {
  if (wallMs > state.ms) return { ms: wallMs, counter: 0 };
  if (state.counter === 0xffff) return { ms: state.ms + 1, counter: 0 };
  return { ms: state.ms, counter: state.counter + 1 };
}

export function stampOf(state: ClockState, writer: string): Stamp {
  return `${hex(state.ms, 12)}-${hex(state.counter, 4)}-${writer}`;
}

/** `source/epoch` of whoever gave the stamp. */
export const writerOfStamp = (stamp: Stamp): string => stamp.slice(18);

export const isLater = (a: ClockState, b: ClockState): boolean =>
  a.ms > b.ms || (a.ms === b.ms && a.counter > b.counter);

/** The state that gave the stamp. */
export function clockOfStamp(stamp: Stamp): ClockState {
  return { ms: stampToMs(stamp), counter: Number.parseInt(stamp.slice(13, 17), 16) };
}

export function stampToMs(stamp: Stamp): number {
  return Number.parseInt(stamp.slice(0, 12), 16);
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
