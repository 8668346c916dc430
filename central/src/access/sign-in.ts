/** A local account signs in. Whatever is wrong, it costs the same time and is answered in the same words. */
import { LIMITS } from "@regulars/shared/limits";
import { type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Attempts } from "./attempts.ts";
import { auditStatement, NOBODY } from "./audit.ts";
import { hashPassword, isOutdated, isPassword } from "./password.ts";
import { startSession } from "./sessions.ts";

export interface SignInDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  /** 256 random bits as base64url. */
  readonly drawSecret: () => string;
  readonly attempts: Attempts;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

export type SignedIn =
  | { readonly token: string }
  /** `limited`: too many tries, so this one was not looked at. */
  | { readonly refused: "wrong" | "limited" };

/** What somebody signs in with, as it is kept: who writes `Ann` means `ann`. */
export const signInNameOf = (typed: string): string =>
  typed.trim().normalize("NFKC").toLowerCase().slice(0, LIMITS.personNameChars);

export const localPersonQuery = (name: string): Statement => ({
  sql: `select id, password_hash, disabled_ms from person
        where name = ? and password_hash is not null`,
  args: [name],
});

/** `before` is the session that the browser held, if any. */
export async function signInLocally(
  { storage, nowMs, drawSecret, attempts }: SignInDeps,
  { name: typed, password }: Credentials,
  before: string | null,
): Promise<SignedIn> {
  const name = signInNameOf(typed);
  const taken = attempts.take(name, nowMs());
  async function tell(reason: string, target?: string): Promise<void> {
    if (!attempts.mayTell(nowMs())) return;
    const which = target === undefined ? {} : { target };
    const entry = { atMs: nowMs(), by: NOBODY, action: "sign_in_refused", ...which } as const;
    await storage.write([auditStatement({ ...entry, detail: { reason } })]);
  }
  if (taken !== "taken") {
    if (taken === "refused_first") await tell("limited");
    return { refused: "limited" };
  }
  const [[row] = []] = await storage.read([localPersonQuery(name)]);
  const hash = row ? textOf(row, "password_hash") : null;
  // No account has an empty or an endless one: that is no work, whoever it is tried for.
  const isPossible = password.length > 0 && password.length <= LIMITS.passwordMaxChars;
  const isRight = isPossible && (await isPassword(password, hash));
  if (!row || hash === null || !isRight || row["disabled_ms"] !== null) {
    const reason = row && isRight ? "disabled" : "wrong";
    await tell(reason, row ? textOf(row, "id") : undefined);
    return { refused: "wrong" };
  }
  attempts.forget(name);
  const person = textOf(row, "id");
  const session = startSession(person, nowMs(), drawSecret, before);
  await storage.write([
    ...session.statements,
    ...(isOutdated(hash) ? [rehash(person, await hashPassword(password, drawSecret()))] : []),
    auditStatement({ atMs: nowMs(), by: person, action: "sign_in", detail: { with: "password" } }),
  ]);
  return { token: session.token };
}

const rehash = (person: string, hash: string): Statement => ({
  sql: "update person set password_hash = ? where id = ?",
  args: [hash, person],
});
