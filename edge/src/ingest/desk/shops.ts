/** The shops that a caller of the desk may see: the centre all of them, a connector its own. */
import type { Caller } from "../../access/caller.ts";
import type { Env } from "../../environment.ts";
import { createRegistry } from "../../registry/known.ts";

export async function shopsOf(env: Env, caller: Caller): Promise<string[]> {
  if (caller.kind === "connector") return [caller.account.shop];
  return allShops(env);
}

/** Every shop that any connector belongs to. */
export async function allShops(env: Env): Promise<string[]> {
  const accounts = await createRegistry(env).accounts();
  return [...new Set(accounts.map(({ shop }) => shop))].toSorted();
}
