/** How mail providers deliver: which spellings of an address reach the same mailbox. Data, so that a policy can add to it. */

export interface EmailRule {
  readonly domains: readonly string[];
  /** The domain that all of them are another name of, or null where each is its own. */
  readonly home: string | null;
  readonly ignoresDots: boolean;
  /** What begins a tag: all from there on is not part of the mailbox. */
  readonly tag: "+" | "-" | null;
}

export interface EmailPolicy {
  readonly rules: readonly EmailRule[];
  /** Domains that give addresses away for an hour; null where nobody has brought the list. */
  readonly disposable: ReadonlySet<string> | null;
}

export const EMAIL_RULES: readonly EmailRule[] = [
  { domains: ["gmail.com", "googlemail.com"], home: "gmail.com", ignoresDots: true, tag: "+" },
];

export const EMAIL_POLICY: EmailPolicy = { rules: EMAIL_RULES, disposable: null };
