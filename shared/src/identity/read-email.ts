/**
 * Reads e-mail addresses as people write them, with the mailbox that the provider would deliver to. Beside
 * `normaliseEmail`, which makes keys and therefore guesses nothing: what is repaired here is evidence, never a key.
 */
import { LIMITS } from "../limits.ts";
import { EMAIL_POLICY, type EmailPolicy, ruleOf } from "./email-rules.ts";
import { domainMeant } from "./email-typos.ts";
import { normaliseEmail } from "./email.ts";
import { accepted, type Normalised, rejected } from "./normalised.ts";

export type { EmailPolicy, EmailRule } from "./email-rules.ts";

export interface EmailValue {
  /** Lower-cased as by normaliseEmail; of what that refuses (`a..b@`, quoted, other scripts) it makes no key. */
  readonly address: string;
  /** The same for all spellings that reach the same mailbox. */
  readonly canonical: string;
  readonly local: string;
  readonly domain: string;
  readonly isDisposable: boolean;
}

export type EmailReason = "empty" | "too-long" | "not-an-address";

const ADDRESS_CHARS = 254;
const LOCAL = /^(?:[^\s@"(),:;<>[\]\\]+|"(?:[^"\\]|\\.)+")$/u;
const DOMAIN =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+(?:[\p{L}\p{M}]{2,63}|xn--[a-z\d-]+)$/u;

export function readEmail(
  raw: string,
  policy: EmailPolicy = EMAIL_POLICY,
): Normalised<EmailValue, EmailReason> {
  if (raw.length > LIMITS.fieldChars) return rejected("too-long");
  const typed = raw.normalize("NFKC").trim().toLowerCase();
  if (typed === "") return rejected("empty");
  const address = asAddress(typed);
  // A slip makes a valid address as often as not: gmial.com could exist.
  if (address !== null && domainMeant(domainOf(address)) === null) {
    return accepted(valueOf(address, policy), raw.trim() !== raw);
  }
  const mended = asAddress(mend(typed));
  return mended === null ? rejected("not-an-address") : accepted(valueOf(mended, policy), true);
}

function asAddress(text: string): string | null {
  const known = normaliseEmail(text);
  if (known !== null) return known;
  const at = text.lastIndexOf("@");
  const isAddress =
    at > 0 &&
    text.length <= ADDRESS_CHARS &&
    LOCAL.test(text.slice(0, at)) &&
    DOMAIN.test(text.slice(at + 1));
  return isAddress ? text : null;
}

function valueOf(address: string, policy: EmailPolicy): EmailValue {
  const domain = domainOf(address);
  const local = address.slice(0, address.length - domain.length - 1);
  const rule = ruleOf(policy.rules, domain);
  const home = rule?.home ?? domain;
  const mailbox = rule === undefined || local.startsWith('"') ? local : mailboxOf(local, rule);
  return {
    address,
    canonical: `${mailbox}@${home}`,
    local,
    domain,
    isDisposable: isDisposable(domain, policy.disposable),
  };
}

function mailboxOf(
  local: string,
  rule: { readonly ignoresDots: boolean; readonly tag: string | null },
): string {
  const tagAt = rule.tag === null ? -1 : local.indexOf(rule.tag);
  const untagged = tagAt > 0 ? local.slice(0, tagAt) : local;
  // Two dots in a row are in no mailbox that a provider gives; what they were meant for cannot be known.
  const mailbox = rule.ignoresDots ? untagged.replaceAll(/(?<!\.)\.(?!\.)/g, "") : untagged;
  return mailbox === "" ? local : mailbox;
}

/** Such services hand out subdomains too. */
function isDisposable(domain: string, disposable: ReadonlySet<string> | null): boolean {
  if (disposable === null) return false;
  for (let rest = domain; rest.includes("."); rest = rest.slice(rest.indexOf(".") + 1)) {
    if (disposable.has(rest)) return true;
  }
  return false;
}

function mend(typed: string): string {
  const bare = (/<([^<>]+@[^<>]+)>/.exec(typed)?.[1] ?? typed)
    .replace(/^(?:mailto|e-?mail|mail)\s*:\s*/, "")
    .replace(/^["'<([{]+/, "")
    .replace(/[\s"'>)\]}.,;:!?]+$/, "")
    .replaceAll(/\s*(?:\(at\)|\[at\])\s*/g, "@")
    .replaceAll(/\s*(?:\(dot\)|\[dot\])\s*/g, ".")
    .replaceAll(/\s*@[\s@]*/g, "@");
  const at = bare.indexOf("@");
  if (at === -1) return bare;
  const local = bare.slice(0, at).replace(/^\.+|\.+$/g, "");
  const domain = bare
    .slice(at + 1)
    .replaceAll(/\s*[.,;]\s*/g, ".")
    .replaceAll(/\.{2,}/g, ".")
    .replace(/^(?:www\.|\.|-)+/, "");
  return `${local}@${domainMeant(domain) ?? domain}`;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1);
