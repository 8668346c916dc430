/** The console's pages about customers, as whoever a test says sits there. */
import type { Role } from "@regulars/shared/access/roles";
import { Hono } from "hono";
import type { Person } from "../access/person.ts";
import { customersRoutes } from "../console/customers/routes.tsx";
import type { ConsoleEnv } from "../console/environment.ts";
import { matchesRoutes } from "../console/matches/routes.tsx";
import { answerProblem, Refused } from "../problem-answer.ts";
import { IDENTITY, type TestApp } from "./app.ts";

export const personOf = (name: string, ...roles: readonly Role[]): Person => ({
  id: `p-${name.toLowerCase()}`,
  name,
  roles,
});

export const MARA = personOf("Mara", "steward");
export const ILYA = personOf("Ilya", "steward");

export type Desk = ReturnType<typeof openDesk>;

export function openDesk({ storage, intake, nowMs, newId }: TestApp, clock: () => number = nowMs) {
  let person = MARA;
  const app = new Hono<ConsoleEnv>();
  app.use(async (c, next) => {
    c.set("person", person);
    c.set("csrf", "");
    await next();
  });
  const deps = { storage, intake, identity: IDENTITY, nowMs: clock, newId, onDecided: () => {} };
  app.route("/", customersRoutes(deps));
  app.route("/", matchesRoutes(deps));
  app.onError((error) => {
    if (error instanceof Refused) return answerProblem(error.problem);
    throw error;
  });
  return {
    get: async (path: string, by: Person = MARA, headers: Record<string, string> = {}) => {
      person = by;
      return answerOf(await app.request(path, { headers }));
    },
    post: async (
      path: string,
      form: Readonly<Record<string, string>>,
      by: Person = MARA,
      headers: Record<string, string> = {},
    ) => {
      person = by;
      const body = new URLSearchParams(form).toString();
      const type = { "content-type": "application/x-www-form-urlencoded" };
      return answerOf(await app.request(path, { method: "POST", headers: { ...type, ...headers }, body })); // prettier-ignore
    },
  };
}

async function answerOf(response: Response) {
  const { status, headers } = response;
  return { status, headers, location: headers.get("location"), text: await response.text() };
}

/** Hidden fields of the first form that posts to the path. */
export function formIn(text: string, action: string): Record<string, string> {
  const [, form = ""] = text.split(`action="${action}"`);
  const fields = form.split("</form>")[0]?.matchAll(/name="([\w-]+)" value="([^"]*)"/g) ?? [];
  return Object.fromEntries(
    [...fields].filter(([, name]) => name !== "verdict").map(([, name = "", value = ""]) => [name, value]), // prettier-ignore
  );
}
