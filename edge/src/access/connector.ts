/** Connectors, by their API keys. */
import { type Problem, problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import type { RegistryPort } from "../registry/port.ts";
import type { ConnectorCaller } from "./caller.ts";

/** Throws `RegistryAway` when it cannot be decided. */
export async function connectorOf(
  registry: Pick<RegistryPort, "keyOf">,
  { id, digest }: { readonly id: string; readonly digest: string },
  nowMs: number,
): Promise<Result<ConnectorCaller, Problem>> {
  const known = await registry.keyOf(id, digest);
  if (!known) return fail(problemOf("unauthorized"));
  const { keyId, account, scopes, expiresMs } = known;
  if (expiresMs !== null && expiresMs <= nowMs) return fail(problemOf("unauthorized"));
  return ok({ kind: "connector", account, keyId, scopes });
}
