/** What the till asks of the edge, and the ways in which that can fail. */
import type { Item } from "@regulars/shared/protocol/item";
import type { Lookup } from "@regulars/shared/protocol/lookup";
import type { Pull, PullAnswer } from "@regulars/shared/protocol/pull";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import type { Result } from "@regulars/shared/result";
import type { Profile } from "@regulars/shared/survivorship/profile";

export const EDGE_FAILURES = [
  /** No answer, or none from the edge itself. */
  "unreachable",
  /** The office has not let this till in, or it has another key since. */
  "not_enrolled",
  /** Nor does the code that it has let it in: it was used, has ended, or is for another till. */
  "bad_code",
  /** The office has shut this till out. */
  "revoked",
  /** The edge denies what is asked for. */
  "unauthorized",
  "overloaded",
  /** The edge speaks another version of the protocol. */
  "unsupported",
  /** The answer, or the edge's verdict on the request, makes no sense: one of the two is broken. */
  "malformed",
] as const;

export interface EdgeFailure {
  readonly code: (typeof EDGE_FAILURES)[number];
  /** The edge asks not to be called again before (SYN7); 0 when it said nothing. */
  readonly retryAfterMs: number;
}

export interface EdgePort {
  /** `onSent`: it has left; there is time until it is answered. */
  push(push: Push, onSent?: () => void): Promise<Result<PushAnswer, EdgeFailure>>;
  /** The items of a push that comes soon, if it comes: what can be done with them before is done now. */
  prepare?(items: readonly Item[]): void;
  pull(pull: Pull): Promise<Result<PullAnswer, EdgeFailure>>;
  /** Null when the edge knows nobody by this. */
  lookup(lookup: Lookup): Promise<Result<Profile | null, EdgeFailure>>;
}
