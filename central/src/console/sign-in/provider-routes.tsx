/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { auditStatement, NOBODY } from "../../access/audit.ts";
import { createCookie, sessionCookie } from "../../access/cookies.ts";
import { nextPathOf } from "../../access/next-path.ts";
import {
  type Journey,
  type Provider,
  ProviderFailed,
  type ProviderFailure,
  RETURN_PATH,
} from "../../access/provider.ts";
import { signInFromProvider } from "../../access/provider-sign-in.ts";
import { createSeal } from "../../access/sealed.ts";
import type { SignInRoutesDeps } from "./routes.tsx";
import { PROVIDER_PATH, SignInPage } from "./sign-in-page.tsx";

const journeySchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  untilMs: z.number(),
});

type Refusal = ProviderFailure | "no_role" | "disabled";

const WORDS: Readonly<Record<Refusal, string>> = {
  away: "Your organisation's sign-in cannot be reached at the moment. Accounts of this console still work.",
  denied: "Your organisation's sign-in did not let you through, or you turned back.",
  stale:
    "This sign-in took too long, was begun in another browser, or has been used already. Please begin again.",
  untrusted:
    "The answer of your organisation's sign-in could not be verified, so nobody was let in. Please tell whoever runs the centre.",
  no_role:
    "Your organisation knows you, but gives you no role for this console. Ask whoever manages roles there for one.",
  disabled: "Your account is disabled at this console. Ask whoever manages people here.",
};

/** 503 where the other side is away; otherwise nobody was let in, which is all that can be said. */
const statusOf = (refusal: Refusal): 403 | 503 => (refusal === "away" ? 503 : 403);

export interface ProviderRoutesDeps extends SignInRoutesDeps {
  readonly provider: Provider;
  /** For the log: reason and code, and nothing of the person. */
  readonly onProviderFailure: (failure: ProviderFailed) => void;
}

export function providerRoutes(deps: ProviderRoutesDeps): Hono {
  const { provider, nowMs, drawSecret, origin, storage } = deps;
  const routes = new Hono();
  const seal = createSeal(drawSecret);
  const journeyCookie = createCookie("regulars-sign-in", origin);
  const cookie = sessionCookie(origin);
  const used = createUsed(nowMs);

  async function fail(c: Context, error: unknown, next: string) {
    if (!(error instanceof ProviderFailed)) throw error;
    deps.onProviderFailure(error);
    if (deps.attempts.mayTell(nowMs())) {
      const detail = { reason: error.reason };
      const entry = { atMs: nowMs(), by: NOBODY, action: "sign_in_refused", detail } as const;
      await storage.write([auditStatement(entry)]);
    }
    return refuse(c, error.reason, next);
  }

  // By GET: a form may lead to no other origin (`form-action`), and whoever is made to begin is asked by the provider.
  routes.get(PROVIDER_PATH, async (c) => {
    const next = nextPathOf(c.req.query("next"));
    const journey = { state: drawSecret(), nonce: drawSecret(), verifier: drawSecret() };
    try {
      const url = await provider.begin(journey);
      const untilMs = nowMs() + LIMITS.signInMs;
      journeyCookie.write(c, seal.close(JSON.stringify({ ...journey, next, untilMs })), LIMITS.signInMs); // prettier-ignore
      return c.redirect(url.href, 303);
    } catch (error) {
      return fail(c, error, next);
    }
  });

  routes.get(RETURN_PATH, async (c) => {
    const kept = openJourney(seal.open(journeyCookie.read(c) ?? ""));
    journeyCookie.clear(c);
    const query = new URL(c.req.url).searchParams;
    if (!kept || kept.untilMs <= nowMs() || query.get("state") !== kept.state) {
      return refuse(c, "stale", nextPathOf(kept?.next));
    }
    const next = nextPathOf(kept.next);
    if (!used.take(kept)) return refuse(c, "stale", next);
    try {
      const identity = await provider.end(query, kept);
      const signedIn = await signInFromProvider(deps, identity, cookie.read(c));
      if ("refused" in signedIn) return refuse(c, signedIn.refused, next);
      cookie.write(c, signedIn.token, null);
      return c.redirect(next, 303);
    } catch (error) {
      return fail(c, error, next);
    }
  });
  return routes;
}

const refuse = (c: Context, refusal: Refusal, next: string) =>
  c.html(<SignInPage next={next} hasProvider={true} refusal={WORDS[refusal]} />, statusOf(refusal));

function openJourney(text: string | null): z.infer<typeof journeySchema> | null {
  return text === null ? null : journeySchema.parse(JSON.parse(text)); // sealed by us: it is whole
}

/** A journey ends once, also for whoever has kept its cookie. */
function createUsed(nowMs: () => number) {
  const used = new Map<string, number>();
  return {
    take({ state, untilMs }: Pick<Journey, "state"> & { readonly untilMs: number }): boolean {
      if (used.has(state)) return false;
      for (const [one, ends] of used) {
        if (ends > nowMs() && used.size < LIMITS.signInJourneys) break;
        used.delete(one);
      }
      used.set(state, untilMs);
      return true;
    },
  };
}
