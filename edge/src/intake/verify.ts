/** Whether a message proves where it comes from, with the secret that its account has now. */
import { type Failure, failureOf } from "@regulars/shared/connect/failure";
import type { AccountWithSecrets } from "../registry/port.ts";
import { PLATFORMS, type Signed } from "./platforms.ts";
import type { Verify } from "./replay-items.ts";

export function verifyMessage(
  account: AccountWithSecrets,
  message: Pick<Signed, "body" | "headers" | "nowMs">,
): Failure | null {
  const platform = PLATFORMS[account.kind];
  const secret = account.secrets.webhookSecret;
  if (!platform) return failureOf("bad_signature", undefined, "This connector takes no webhooks.");
  if (secret === undefined) return failureOf("bad_signature", undefined, "No secret is set.");
  const { notificationUrl: url } = account;
  return platform.verify({ ...message, secret, ...(url === undefined ? {} : { url }) });
}

/** At the time at which it came: a message grows no older by lying here. */
export const verifyKept: Verify = (account, { body, headers, receivedMs }) =>
  verifyMessage(account, { body, headers, nowMs: receivedMs });
