/** Why a call came to nothing: the edge's reasons, and two of this side. */
export const REASONS = [
  "malformed_json",
  "damaged_body",
  "invalid_field",
  "unauthorized",
  "not_enrolled",
  "revoked",
  "forbidden",
  "not_found",
  "unknown_customer",
  "too_large",
  "unsupported_protocol",
  "conflict",
  "overloaded",
  "storage_unavailable",
  "not_set_up",
  "unreachable",
  "internal",
  /** What came back is no answer of an edge. */
  "not_an_answer",
  /** The caller has given up. */
  "aborted",
] as const;
export type Reason = (typeof REASONS)[number];

export class RegularsError extends Error {
  override readonly name = "RegularsError";
  readonly reason: Reason;
  /** 0 where no answer came. */
  readonly status: number;
  /** How long the edge asks to be left alone; null where it says nothing. */
  readonly retryAfterMs: number | null;
  /** Fields that are the reason; names, never values. */
  readonly fields: readonly string[];

  constructor(
    reason: Reason,
    {
      status = 0,
      retryAfterMs = null,
      fields = [],
    }: { status?: number; retryAfterMs?: number | null; fields?: readonly string[] } = {},
  ) {
    super(`regulars: ${reason}`);
    this.reason = reason;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.fields = fields;
  }
}

const isReason = (text: unknown): text is Reason => REASONS.some((reason) => reason === text);

export async function errorOf(response: Response): Promise<RegularsError> {
  const { status, headers } = response;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : null;
  const problem = await problemIn(response);
  const reason = isReason(problem.reason) ? problem.reason : byStatus(status);
  const fields = (problem.errors ?? []).map(({ field }) => String(field));
  return new RegularsError(reason, { status, retryAfterMs, fields });
}

interface Problem {
  readonly reason?: unknown;
  readonly errors?: readonly { readonly field?: unknown }[];
}

async function problemIn(response: Response): Promise<Problem> {
  try {
    const json: unknown = await response.json();
    return typeof json === "object" && json !== null ? json : {};
  } catch {
    return {}; // a gateway on the way has answered
  }
}

function byStatus(status: number): Reason {
  if (status === 429) return "overloaded";
  return status >= 500 ? "unreachable" : "not_an_answer";
}
