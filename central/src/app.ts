/**
 * The route table of the centre (SEC4). Under /v1 every route asks for a token or the console's password, pages for a session;
 * open are the health answer and what a person signs in by.
 */
import { createHash } from "node:crypto";
import { problemOf } from "@regulars/shared/problem";
import type { IdentityOptions } from "@regulars/shared/identity/key";
import type { Storage } from "@regulars/shared/storage/port";
import { type ErrorHandler, Hono, type MiddlewareHandler } from "hono";
import { basicAuth } from "hono/basic-auth";
import { bearerAuth } from "hono/bearer-auth";
import { every, except, some } from "hono/combine";
import { HTTPException } from "hono/http-exception";
import type { Way } from "./alerts/ways.ts";
import { createAttempts } from "./access/attempts.ts";
import { foreignDoor } from "./access/session-door.ts";
import { isConsoleDisabled } from "./access/console-account.ts";
import type { Provider, ProviderFailed } from "./access/provider.ts";
import { apiRoutes } from "./console/api.ts";
import { pageRoutes } from "./console/pages.tsx";
import { historyRoutes } from "./golden/routes.ts";
import type { Intake } from "./intake/intake.ts";
import { intakeRoutes } from "./intake/routes.ts";
import { policyRoutes } from "./policy/routes.ts";
import { quarantineRoutes, type ReplayAtEdge } from "./quarantine/routes.ts";
import { reconcileRoutes } from "./reconcile/api.ts";
import { createUploads } from "./reconcile/settlement/uploads.ts";
import { storeDayRoutes } from "./reconcile/routes.ts";
import { resolutionRoutes } from "./resolve/routes.ts";
import { stewardRoutes } from "./steward/routes.ts";
import { type AskEdge, tillRoutes } from "./tills/routes.ts";
import { timelineRoutes } from "./timeline/routes.ts";
import type { EdgeWatch } from "./watch/edge-watch.ts";
import { watchRoutes } from "./watch/routes.ts";
import { answerProblem, isStorageError, Refused } from "./problem-answer.ts";

export interface AppDeps {
  readonly storage: Storage;
  readonly intake: Intake;
  readonly replayAtEdge: ReplayAtEdge;
  readonly askEdge: AskEdge;
  readonly edgeWatch: EdgeWatch;
  readonly identity: IdentityOptions;
  readonly nowMs: () => number;
  /** Another text with each call: ids of decisions that a form will take. */
  readonly newId: () => string;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
  /** Store-days were marked, by whatever but the intake: they are to be checked. */
  readonly onMarked: () => void;
  /** A policy is in force, and golden records wait to be recomputed by it. */
  readonly onPolicy: () => void;
  /** A matching policy is in force, and everybody waits to be resolved by it. */
  readonly onMatching: () => void;
  /** A replay of all that failed alike waits to be done. */
  readonly onReplay: () => void;
  /** A policy waits to be tried. */
  readonly onTry: () => void;
  /** A steward has decided something that the edge has to hear. */
  readonly onDecided: () => void;
  /** Any of them opens what is the edge's. */
  readonly centralTokens: readonly string[];
  readonly consolePassword: string;
  /** Where people find the console, such as `https://console.example.com`; null where nobody has said. */
  readonly consoleOrigin: string | null;
  /** Who else says who somebody is; null where people have accounts of this console alone. */
  readonly provider: Provider | null;
  readonly onProviderFailure: (failure: ProviderFailed) => void;
  /** 256 random bits as base64url. */
  readonly drawSecret: () => string;
  /** By which people are told of alerts. */
  readonly ways: readonly Way[];
  readonly onError: (error: unknown) => void;
}

export function createApp(deps: AppDeps): Hono {
  const edge = bearerAuth({ token: [...deps.centralTokens], hashFunction: sha256Here });
  const person = every(
    basicAuth({ username: "console", password: deps.consolePassword, realm: "Regulars" }),
    notDisabled(deps.storage),
  );
  const uploads = createUploads({ ...deps, drawId: deps.drawSecret });
  const app = new Hono();
  app.get("/health", (c) => c.json({ status: "ok" }));
  app.use("/metrics", some(edge, person));
  app.use("/v1/*", foreignDoor());
  app.use("/v1/*", except("/v1/intake/*", some(edge, person)));
  app.use("/v1/intake/*", edge);
  // The edge delivers and reads. Who is who, and by which rules, is decided by a person, whatever an edge may have lost.
  app.on("POST", "/v1/*", except(["/v1/intake/*", "/v1/quarantine/*"], person));
  app.on("DELETE", "/v1/*", person);
  // What is in question, and what was paid out, is head office's alone.
  for (const path of ["/v1/exceptions/*", "/v1/settlement/*"]) app.use(path, person);
  app.route("/v1/intake", intakeRoutes(deps.intake));
  app.route("/v1/quarantine", quarantineRoutes(deps));
  app.route("/v1/tills", tillRoutes(deps.askEdge));
  app.route("/v1/policy", policyRoutes(deps));
  app.route("/v1", resolutionRoutes(deps));
  app.route("/v1", stewardRoutes(deps));
  app.route("/v1", reconcileRoutes({ ...deps, uploads }));
  app.route("/", watchRoutes(deps));
  app.route("/v1", historyRoutes(deps.storage));
  app.route("/v1", timelineRoutes(deps.storage));
  app.route("/v1/store-days", storeDayRoutes(deps.storage));
  app.route("/v1", apiRoutes(deps.storage));
  app.all("/v1/*", () => answerProblem(problemOf("not_found"))); // never a page
  app.route(
    "/",
    pageRoutes({ ...deps, uploads, attempts: createAttempts(), origin: deps.consoleOrigin }),
  );
  app.notFound(() => answerProblem(problemOf("not_found")));
  app.onError(errorHandler(deps.onError));
  return app;
}

function errorHandler(onError: AppDeps["onError"]): ErrorHandler {
  return (error) => {
    if (error instanceof Refused) return answerProblem(error.problem);
    if (error instanceof HTTPException) {
      // Only the two authentications throw these; a token that is none is as good as no token.
      const challenge = error.getResponse().headers.get("www-authenticate") ?? "Bearer";
      return answerProblem(problemOf("unauthorized"), { "www-authenticate": challenge });
    }
    onError(error);
    return answerProblem(problemOf(isStorageError(error) ? "storage_unavailable" : "internal"));
  };
}

/** Hono's own is done by another thread, and waits for it twice for each token: that takes longer than most reads. */
const sha256Here = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Programs sign in with the setting; who disables the account at the console shuts them out as well. */
const notDisabled =
  (storage: Storage): MiddlewareHandler =>
  async (_, next) => {
    if (await isConsoleDisabled(storage)) throw new Refused("unauthorized");
    await next();
  };
