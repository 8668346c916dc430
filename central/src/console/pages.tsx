/** @jsxImportSource hono/jsx */
import { Hono } from "hono";
import { sessionCookie } from "../access/cookies.ts";
import { exportDoor } from "../access/export-door.ts";
import { permitAll } from "../access/permit.ts";
import type { Provider, ProviderFailed } from "../access/provider.ts";
import { csrfDoor, originDoor, sessionDoor } from "../access/session-door.ts";
import { type AlertRoutesDeps, alertRoutes } from "./alerts/routes.tsx";
import { assetRoutes } from "./assets.ts";
import { auditRoutes } from "./audit/routes.tsx";
import type { ConsoleEnv } from "./environment.ts";
import { secureHeaders } from "hono/secure-headers";
import type { Intake } from "../intake/intake.ts";
import { Refused } from "../problem-answer.ts";
import type { Uploads } from "../reconcile/settlement/uploads.ts";
import type { DeskDeps } from "./customers/deps.ts";
import { customersRoutes } from "./customers/routes.tsx";
import { matchesRoutes } from "./matches/routes.tsx";
import { exceptionRoutes } from "./exceptions/routes.tsx";
import type { IntakePagesDeps } from "./intake/answers.tsx";
import { intakePageRoutes } from "./intake/routes.tsx";
import { type PolicyPagesDeps, policyPageRoutes } from "./policy/routes.tsx";
import { qualityRoutes } from "./quality/routes.tsx";
import { pageErrors } from "./errors/answer.tsx";
import { peopleRoutes } from "./people/routes.tsx";
import { settlementRoutes } from "./settlement/routes.tsx";
import { providerRoutes } from "./sign-in/provider-routes.tsx";
import { type SignInRoutesDeps, signInRoutes, signOutRoutes } from "./sign-in/routes.tsx";
import { type SourcesDeps, sourcesRoutes } from "./sources/routes.tsx";
import { storeDayRoutes } from "./store-day/routes.tsx";
import { todayRoutes } from "./today/routes.tsx";

export interface PagesDeps
  extends
    SignInRoutesDeps,
    Omit<DeskDeps, "intake">,
    PolicyPagesDeps,
    IntakePagesDeps,
    SourcesDeps,
    AlertRoutesDeps {
  readonly intake: Intake;
  readonly onError: (error: unknown) => void;
  readonly uploads: Uploads;
  /** Null where people have accounts of this console alone. */
  readonly provider: Provider | null;
  readonly onProviderFailure: (failure: ProviderFailed) => void;
}

export function pageRoutes(deps: PagesDeps): Hono<ConsoleEnv> {
  const { storage, nowMs } = deps;
  const pages = new Hono<ConsoleEnv>();
  pages.onError(pageErrors(deps.onError));
  pages.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        connectSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: "DENY",
      // To ourselves alone, where it is needed: without it browsers send forms with the origin "null".
      referrerPolicy: "same-origin",
    }),
  );

  pages.route("/", assetRoutes());
  pages.use(async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
  });
  pages.use(originDoor());
  const { provider, onProviderFailure } = deps;
  pages.route("/", signInRoutes({ ...deps, hasProvider: provider !== null }));
  if (provider) pages.route("/", providerRoutes({ ...deps, provider, onProviderFailure }));
  pages.use(sessionDoor({ storage, nowMs, cookie: sessionCookie(deps.origin) }));
  pages.use(csrfDoor());
  pages.use(exportDoor(deps));
  pages.route("/", signOutRoutes(deps));
  pages.route("/", peopleRoutes(deps));
  pages.route("/", auditRoutes(deps));

  pages.route("/", qualityRoutes({ storage, nowMs }));
  pages.route("/", policyPageRoutes(deps));
  pages.route("/", intakePageRoutes(deps));

  pages.route("/", todayRoutes(deps));
  pages.route("/", storeDayRoutes(deps));
  pages.route("/", sourcesRoutes(deps));

  pages.route("/", customersRoutes(deps));
  pages.route("/", matchesRoutes(deps));

  pages.route("/", exceptionRoutes(deps));
  pages.route("/", settlementRoutes(deps));
  pages.route("/", alertRoutes(deps));

  // Last, so that nothing of the console is answered but by a page.
  pages.all("*", permitAll(), () => {
    throw new Refused("not_found");
  });
  return pages;
}
