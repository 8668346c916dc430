/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { type Cookie, sessionCookie } from "../../access/cookies.ts";
import { nextPathOf } from "../../access/next-path.ts";
import { permitAll } from "../../access/permit.ts";
import { endSession } from "../../access/sessions.ts";
import { type SignInDeps, signInLocally } from "../../access/sign-in.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import type { ConsoleEnv } from "../environment.ts";
import { SignInPage } from "./sign-in-page.tsx";

/** Name, password and the page to go to. */
const FORM_BYTES = 8 * 1024;

/** One sentence for whatever is wrong: which of them it was is nobody's business who is not let in. */
const REFUSAL =
  "Name and password do not fit together, or were tried too often. After some wrong tries, wait a quarter of an hour.";

const signInQuery = z.object({ next: z.string().optional(), left: z.string().optional() });
const signInForm = z.object({
  next: z.string().default("/"),
  name: z.string(),
  password: z.string(),
});

export interface SignInRoutesDeps extends SignInDeps {
  readonly origin: string | null;
}

export interface OpenRoutesDeps extends SignInRoutesDeps {
  readonly hasProvider: boolean;
}

/** Open to everybody, as a door must be. */
export function signInRoutes(deps: OpenRoutesDeps): Hono {
  const routes = new Hono();
  const { hasProvider } = deps;
  const cookie = sessionCookie(deps.origin);

  routes.get("/sign-in", (c) => {
    const { next, left } = parseRequest(signInQuery, c.req.query());
    const notice = left === undefined ? {} : { notice: "You are signed out." };
    return c.html(<SignInPage next={nextPathOf(next)} hasProvider={hasProvider} {...notice} />);
  });

  routes.post(
    "/sign-in",
    bodyLimit({
      maxSize: FORM_BYTES,
      onError: () => {
        throw new Refused("too_large");
      },
    }),
    async (c) => {
      const form = parseRequest(signInForm, await c.req.parseBody());
      const next = nextPathOf(form.next);
      const signedIn = await signInLocally(deps, form, cookie.read(c));
      if ("token" in signedIn) {
        cookie.write(c, signedIn.token, null);
        return c.redirect(next, 303);
      }
      const isLimited = signedIn.refused === "limited";
      if (isLimited) c.header("retry-after", String(LIMITS.passwordTriesMs / 1_000));
      return c.html(
        <SignInPage next={next} hasProvider={hasProvider} refusal={REFUSAL} />,
        isLimited ? 429 : 403,
      );
    },
  );
  return routes;
}

/** Behind the door: whoever is in may leave. */
export function signOutRoutes({ storage, nowMs, origin }: SignInRoutesDeps): Hono<ConsoleEnv> {
  const routes = new Hono<ConsoleEnv>();
  const cookie: Cookie = sessionCookie(origin);
  routes.post("/sign-out", permitAll(), async (c) => {
    await storage.write([
      endSession(c.get("session")),
      auditStatement({ atMs: nowMs(), by: c.get("person").id, action: "sign_out" }),
    ]);
    cookie.clear(c);
    return c.redirect("/sign-in?left", 303);
  });
  return routes;
}
