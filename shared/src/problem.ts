/**
 * Problem details (RFC 9457): how every HTTP boundary of the system says no. Reasons are a closed list; texts name
 * the field and never repeat its value, because the value may be somebody's e-mail address (SEC2).
 */
import { z } from "zod";

export const PROBLEMS = {
  malformed_json: { status: 400, title: "The request body is not JSON" },
  damaged_body: { status: 400, title: "The request body is not what was sent; send it again" },
  invalid_field: { status: 422, title: "A field is missing or has a value that cannot be used" },
  unauthorized: { status: 401, title: "The token is missing or not valid" },
  not_enrolled: { status: 401, title: "The till is not enrolled here with this key" },
  revoked: { status: 401, title: "The till has been revoked" },
  signed_out: { status: 401, title: "You are not signed in any more" },
  stale_form: { status: 403, title: "The form is not from a page of this session" },
  bad_code: { status: 403, title: "The enrolment code is used, too old, or for another till" },
  forbidden: { status: 403, title: "The token does not allow this" },
  not_found: { status: 404, title: "There is nothing at this address" },
  unknown_record: { status: 404, title: "No source record has this id" },
  unknown_decision: { status: 404, title: "No decision has this id" },
  unknown_account: { status: 404, title: "No account or key has this id" },
  unknown_till: { status: 404, title: "No till has this id" },
  unknown_customer: { status: 404, title: "No customer is known by this" },
  unknown_exception: { status: 404, title: "No exception has this number" },
  unknown_settlement: { status: 404, title: "No settlement file has this number" },
  unknown_version: { status: 404, title: "There is no such version" },
  too_large: { status: 413, title: "The request is larger than the limit" },
  unsupported_protocol: { status: 426, title: "The protocol version is not supported" },
  conflict: { status: 409, title: "The request contradicts what is stored" },
  last_admin: { status: 409, title: "Somebody has to remain who manages people here" },
  name_taken: { status: 409, title: "Somebody has this name already" },
  overloaded: { status: 429, title: "Too much work is waiting; try again later" },
  storage_unavailable: { status: 503, title: "The store cannot be written at the moment" },
  not_set_up: { status: 409, title: "What this needs is not set up here" },
  unreachable: { status: 503, title: "The other side cannot be reached at the moment" },
  internal: { status: 500, title: "An unexpected error; it has been logged" },
} as const;
export type ProblemReason = keyof typeof PROBLEMS;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant are its keys
const PROBLEM_REASONS = Object.keys(PROBLEMS) as ProblemReason[];

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  reason: z.enum(PROBLEM_REASONS),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export function problemOf(
  reason: ProblemReason,
  more: { readonly detail?: string; readonly errors?: Problem["errors"] } = {},
): Problem {
  const { status, title } = PROBLEMS[reason];
  return { type: `urn:regulars:problem:${reason}`, title, status, reason, ...more };
}

/** Zod's issues as field and reason. Zod's own texts can quote the input, so each code has words of our own. */
export function zodErrorToProblem(error: z.ZodError): Problem {
  const errors = error.issues.slice(0, 20).map((issue) => ({
    field: pathOf(issue).map(nameOf).join(".") || "(body)",
    reason: issueToReason(issue),
  }));
  return problemOf("invalid_field", { errors });
}

/** The last step to a record's bad key is that key: input, which is not repeated. */
const pathOf = (issue: z.core.$ZodIssue): PropertyKey[] =>
  issue.code === "invalid_key" ? issue.path.slice(0, -1) : issue.path;

/** Steps that no schema of ours has as a field are keys of a record, and so input too. */
const nameOf = (step: PropertyKey): string =>
  typeof step === "number" || /^[A-Za-z]{1,32}$/.test(String(step)) ? String(step) : "(key)";

function issueToReason(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      // The issue itself carries no input, and should not; its message names the type that came.
      return issue.message.endsWith("received undefined")
        ? "is required"
        : `must be ${issue.expected}`;
    case "too_small":
      return `must be at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case "too_big":
      return `must be at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    case "invalid_format":
      // A message written beside the pattern in a schema speaks; Zod's own would show the pattern.
      return issue.message.startsWith("Invalid") ? `is not a valid ${issue.format}` : issue.message;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_key":
      return "has a key that cannot be used";
    case "unrecognized_keys":
      return "has fields that are not known";
    case "invalid_union":
      return "fits none of the allowed forms";
    case "custom":
      return issue.message;
    default:
      return "cannot be used";
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " items" : "";
}
