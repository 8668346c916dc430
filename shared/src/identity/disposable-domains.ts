/**
 * Domains that give addresses away for an hour. A large list: only for the centre and for tools, which put it into
 * their e-mail policy; a module that the edge imports must not import this one.
 */
import domains from "disposable-email-domains-js/dist/dict/disposable_email_blocklist.json" with { type: "json" };
import { z } from "zod";

/** Real providers that lists of this kind have named by mistake; an address there is somebody's own. */
const NOT_DISPOSABLE: ReadonlySet<string> = new Set(["gmail.com", "outlook.com", "yahoo.com"]);

export const DISPOSABLE_DOMAINS: ReadonlySet<string> = new Set(
  z
    .string()
    .array()
    .parse(domains)
    .filter((domain) => !NOT_DISPOSABLE.has(domain)),
);
