/** For tests of connectors: messages that were bent on their way, or by somebody who means harm. */
import fc from "fast-check";
import { FAILURE_CODES, wordsOf } from "../failure.ts";
import { type ConnectCapture, connectCaptureSchema } from "../captures.ts";
import type { Mapped } from "../mapper.ts";
import { sumMinor } from "../read/lines.ts";

/** Stands for what a customer would not like to see in a log (SEC2). */
export const MARK = "Zaphod";

const hostileValue = fc.oneof(
  fc.constantFrom(
    MARK,
    `${MARK}@example.com`,
    `${MARK} 1.50`,
    "",
    "\uD800",
    "__proto__",
    "1e400",
    "1,234",
    "-0",
    "NaN",
    "x".repeat(5_000),
    null,
    true,
    0,
    -0,
    -1,
    1e21,
    1e-7,
    0.1 + 0.2,
    2 ** 53 + 2,
    [],
    [null],
    [[MARK]],
    [{ [MARK]: MARK }],
    {},
    { [MARK]: MARK },
    { amount: MARK, currency: "USD" },
    { amount: 1.5, currency: "EUR" },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** One to four values of the message, anywhere in it, replaced, taken out, or with another beside them. */
export function bent(fixture: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    where: fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
    what: hostileValue,
    how: fc.constantFrom("replace", "replace", "remove", "add"),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = { root: structuredClone(fixture) };
    for (const { where, what, how } of changes) bend(copy.root, where, structuredClone(what), how);
    return copy.root;
  });
}

function bend(root: unknown, where: readonly number[], what: unknown, how: string): void {
  let at: unknown = root;
  for (const [step, choice] of where.entries()) {
    if (typeof at !== "object" || at === null) return;
    const names = Object.keys(at);
    const name = names[choice % Math.max(names.length, 1)];
    if (name === undefined) return;
    const inner: unknown = Reflect.get(at, name);
    const isLast = step === where.length - 1 || typeof inner !== "object" || inner === null;
    if (!isLast) {
      at = inner;
      continue;
    }
    if (how === "remove") Reflect.deleteProperty(at, name);
    else Reflect.set(at, how === "add" ? MARK : name, what);
    return;
  }
}

/** Null for captures that hold, for something that can be fetched, and for a failure of the closed list that quotes nothing. */
export function faultIn(mapped: Mapped): string | null {
  if (!mapped.ok) {
    if (!FAILURE_CODES.includes(mapped.reason.code)) return "no known failure";
    return wordsOf(mapped.reason).includes(MARK) ? `quotes: ${wordsOf(mapped.reason)}` : null;
  }
  if (!("captures" in mapped.value)) {
    const { path } = mapped.value.needs;
    return /^\/v2\/[a-z/]+\/[\w-]{1,128}$/.test(path) ? null : `fetches ${path}`;
  }
  return (
    mapped.value.captures.map((capture) => faultOf(capture)).find((fault) => fault !== null) ?? null
  );
}

function faultOf(capture: ConnectCapture): string | null {
  const parsed = connectCaptureSchema.safeParse(capture);
  if (!parsed.success) return parsed.error.message;
  if (!("lines" in capture)) return null;
  const isCounted = capture.lines.every(({ amountMinor }) => Number.isSafeInteger(amountMinor));
  return isCounted && Number.isSafeInteger(sumMinor(capture.lines)) ? null : "not counted";
}

/** Lengths at which a body that stops there was taken all the same. */
export function takenCuts(body: Uint8Array, map: (cut: Uint8Array) => { ok: boolean }): number[] {
  const step = Math.max(1, Math.floor(body.length / 97));
  const taken: number[] = [];
  for (let end = 0; end < body.length - 1; end += step) {
    if (map(body.slice(0, end)).ok) taken.push(end);
  }
  return taken;
}

export function capturesOf(mapped: Mapped): readonly ConnectCapture[] {
  if (!mapped.ok) throw new Error(wordsOf(mapped.reason));
  if (!("captures" in mapped.value)) throw new Error("needs more");
  return mapped.value.captures;
}
