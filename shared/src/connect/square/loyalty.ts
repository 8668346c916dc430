/** Points of Square's loyalty program: what the account says. Its events say differences only. */
import type { ConnectCapture } from "../captures.ts";
import { defined, type Part } from "../read/part.ts";
import type { Told } from "./told.ts";

export function captureOfLoyalty(account: Part, told: Told): ConnectCapture[] {
  const id = account.need(account.id("id"), "id");
  const program = account.need(account.id("program_id", 64), "program_id");
  if (id === undefined || program === undefined) return [];
  const at = account.utcInstant("updated_at") ?? account.utcInstant("created_at") ?? told.at;
  const lifetimePoints = account.int("lifetime_points");
  return [
    {
      kind: "loyalty",
      key: `loyalty:${id}@${at}`,
      at,
      program,
      // Square leaves a balance of nothing out.
      balancePoints: account.int("balance") ?? 0,
      ...(lifetimePoints === undefined ? {} : { lifetimePoints }),
      customer: defined({
        userId: account.scalar("customer_id"),
        phone: account.part("mapping")?.scalar("phone_number"),
      }),
    },
  ];
}
