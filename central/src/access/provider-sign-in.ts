/** Somebody whom the identity provider knows signs in: their roles are what it says now. */
import { sha256Hex } from "@regulars/shared/digest";
import { type Row, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { auditStatement, NOBODY } from "./audit.ts";
import type { Identity } from "./provider.ts";
import { endSessionsOf, startSession } from "./sessions.ts";

export interface ProviderSignInDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly drawSecret: () => string;
}

export type ProviderSignedIn =
  | { readonly token: string }
  | { readonly refused: "no_role" | "disabled" };

export const providerPersonQuery = (issuer: string, subject: string): Statement => ({
  sql: "select id, name, roles, disabled_ms from person where issuer = ? and subject = ?",
  args: [issuer, subject],
});

/** The same for the same person at all times, so that two first sign-ins at once are one person. */
const idOf = ({ issuer, subject }: Identity): string =>
  `p_${sha256Hex(JSON.stringify([issuer, subject])).slice(0, 20)}`;

export async function signInFromProvider(
  { storage, nowMs, drawSecret }: ProviderSignInDeps,
  identity: Identity,
  before: string | null,
): Promise<ProviderSignedIn> {
  const { issuer, subject, roles } = identity;
  const [[row] = []] = await storage.read([providerPersonQuery(issuer, subject)]);
  const id = row ? textOf(row, "id") : idOf(identity);
  const isDisabled = row !== undefined && row["disabled_ms"] !== null;
  if (isDisabled || roles.length === 0) {
    const reason = isDisabled ? "disabled" : "no_role";
    await storage.write([
      ...(row ? keep(row, identity) : []),
      auditStatement({
        atMs: nowMs(),
        by: row ? id : NOBODY,
        action: "sign_in_refused",
        detail: { reason },
        ...(row ? { target: id } : {}),
      }),
    ]);
    return { refused: reason };
  }
  const session = startSession(id, nowMs(), drawSecret, before);
  await storage.write([
    ...(row ? keep(row, identity) : [add(id, identity, nowMs())]),
    ...session.statements,
    auditStatement({ atMs: nowMs(), by: id, action: "sign_in", detail: { with: "provider" } }),
  ]);
  return { token: session.token };
}

const add = (id: string, { name, issuer, subject, roles }: Identity, atMs: number): Statement => ({
  sql: `insert into person (id, name, issuer, subject, roles, created_ms, created_by)
        values (?, ?, ?, ?, ?, ?, 'provider') on conflict (id) do nothing`,
  args: [id, name, issuer, subject, JSON.stringify(roles), atMs],
});

/** Other roles than before end what was opened by those. */
function keep(row: Row, { name, roles }: Identity): Statement[] {
  const id = textOf(row, "id");
  const told = JSON.stringify(roles);
  const hasOtherRoles = textOf(row, "roles") !== told;
  if (!hasOtherRoles && textOf(row, "name") === name) return [];
  return [
    {
      sql: "update person set name = ?, roles = ?, version = version + 1 where id = ?",
      args: [name, told, id],
    },
    ...(hasOtherRoles ? [endSessionsOf(id)] : []),
  ];
}
