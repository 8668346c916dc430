/** Captures as our own JSON: what CloudEvents and lines of files say. The form is described in docs/connectors.md. */
import { z } from "zod";
import { lineAmountMinor } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import { type ConnectCapture, connectCaptureSchema } from "./captures.ts";
import { type Failure, failureOf } from "./failure.ts";
import { isObject } from "./read/json.ts";

export interface FormDefaults {
  /** Where the envelope says it: the capture need not, and may not say another. */
  readonly kind?: string;
  readonly key: string;
  /** UTC instant, for a capture that says no time. */
  readonly at: string;
}

/** Fails with `missing_field`, `bad_field`, `bad_time`, `bad_money` or `unknown_topic` (a kind that there is not). */
export function readCapture(
  value: unknown,
  defaults: FormDefaults,
): Result<ConnectCapture, Failure> {
  if (!isObject(value)) return fail(failureOf("bad_field", "data", "It is no JSON object."));
  const kind = value["kind"] ?? defaults.kind;
  if (kind === undefined) return fail(failureOf("missing_field", "kind"));
  if (!isKind(kind)) return fail(failureOf("unknown_topic", "kind"));
  if (defaults.kind !== undefined && kind !== defaults.kind) {
    return fail(failureOf("bad_field", "kind", "It is another than that of its event."));
  }
  const at = value["at"] === undefined ? defaults.at : utcOf(value["at"]);
  if (at === null) return fail(failureOf("bad_time", "at"));
  const given = { key: defaults.key, ...value, kind, at };
  const parsed = connectCaptureSchema.safeParse(given);
  if (!parsed.success) return fail(failureOfIssue(parsed.error.issues[0]?.path ?? [], given));
  return withAmounts(parsed.data);
}

/** Any offset is taken; what is kept is UTC (CAP5). */
export function utcOf(text: unknown): string | null {
  const read = z.iso.datetime({ offset: true }).safeParse(text);
  return read.success ? new Date(read.data).toISOString() : null;
}

/** Lines that say what one costs get what they come to. */
function withAmounts(capture: ConnectCapture): Result<ConnectCapture, Failure> {
  if (!("lines" in capture)) return ok(capture);
  const lines: typeof capture.lines = [];
  for (const [index, line] of capture.lines.entries()) {
    const amount =
      line.amountMinor === undefined
        ? lineAmountMinor(line.quantity, line.unitPrice ?? "0", capture.currency)
        : ok(line.amountMinor);
    if (!amount.ok) return fail(failureOf("bad_money", `lines.${index}.unitPrice`));
    lines.push({ ...line, amountMinor: amount.value });
  }
  const total = lines.reduce((sum, line) => sum + (line.amountMinor ?? 0), 0);
  if (!Number.isSafeInteger(total)) return fail(failureOf("bad_money", "lines"));
  if (capture.kind === "refund" && total > 0) {
    return fail(failureOf("bad_money", "lines", "The amounts of a refund are negative."));
  }
  return ok({ ...capture, lines });
}

const KINDS: ReadonlySet<string> = new Set(
  connectCaptureSchema.options.map((option) => option.shape.kind.value),
);

const isKind = (kind: unknown): kind is string => typeof kind === "string" && KINDS.has(kind);

const MONEY_FIELDS = new Set(["amountMinor", "unitPrice", "totalMinor", "currency"]);

/** The first thing that is wrong; the path is that of zod's issue. */
function failureOfIssue(path: readonly PropertyKey[], given: unknown): Failure {
  const field = path.map((part, index) => nameOf(part, index, path)).join(".") || "data";
  if (isMissing(given, path)) return failureOf("missing_field", field);
  return failureOf(MONEY_FIELDS.has(String(path.at(-1))) ? "bad_money" : "bad_field", field);
}

function isMissing(given: unknown, path: readonly PropertyKey[]): boolean {
  let value = given;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return true;
    value = Reflect.get(value, part);
  }
  return value === undefined;
}

/** Ours, and numbers of list entries; below `properties` stands what the sender made up, which may be anything (SEC2). */
const nameOf = (part: PropertyKey, index: number, path: readonly PropertyKey[]): string =>
  path[index - 1] === "properties" ? "…" : String(part);
