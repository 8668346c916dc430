/** Reads e-mail addresses as people write them, with the mailbox that the provider would deliver to. */
import { EMAIL_POLICY, type EmailPolicy } from "./email-rules.ts";
import { normaliseEmail } from "./email.ts";
import { accepted, type Normalised, rejected } from "./normalised.ts";

export type { EmailPolicy, EmailRule } from "./email-rules.ts";

export interface EmailValue {
  readonly address: string;
  /** The same for all spellings that reach the same mailbox. */
  readonly canonical: string;
  readonly local: string;
  readonly domain: string;
  readonly isDisposable: boolean;
}

export type EmailReason = "empty" | "too-long" | "not-an-address";

export function readEmail(
  raw: string,
  policy: EmailPolicy = EMAIL_POLICY,
): Normalised<EmailValue, EmailReason> {
  const address = normaliseEmail(raw);
  if (address === null) return rejected("not-an-address");
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const isDisposable = policy.disposable?.has(domain) ?? false;
  return accepted({ address, canonical: address, local, domain, isDisposable }, false);
}
