/** The ways by which people are told. What goes wrong on them is said by a closed list: no address, no answer is repeated. */
import type { MessageContent } from "./message.ts";

export const WAYS = ["email", "webhook"] as const;
export type WayName = (typeof WAYS)[number];

export const FAILURES = {
  unreachable: "could not be reached",
  timed_out: "did not answer in time",
  broken_off: "broke the connection off",
  no_tls: "offered no encryption, or showed a certificate that is not trusted",
  sign_in_refused: "refused the sign-in",
  not_accepted: "did not accept the message",
  busy: "asked to try again later",
  redirected: "answered with a redirect, which is not followed",
  other: "failed for a reason that is in the log",
} as const;
export type FailureCode = keyof typeof FAILURES;

export const isFailure = (code: string): code is FailureCode => Object.hasOwn(FAILURES, code);

/** Thrown by a way. */
export class WayFailed extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, cause?: unknown) {
    super(code, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

export interface Way {
  readonly name: WayName;
  /** Where it leads, in words and without secrets: a host, a number of people. */
  readonly words: string;
  /** Resolves when the message is taken. Throws `WayFailed`. The same message has the same id each time. */
  send(message: { readonly id: string; readonly content: MessageContent }): Promise<void>;
}
