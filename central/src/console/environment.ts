/** What every page of the console knows of the request it answers. */
import type { ConsoleAction, FieldGroup } from "@regulars/shared/access/actions";
import type { Context } from "hono";
import { grantOf, type Person } from "../access/person.ts";

export interface ConsoleEnv {
  Variables: {
    person: Person;
    /** Of the session; every form sends it back as `csrf`. */
    csrf: string;
    /** Digest of the session. */
    session: string;
    /** What of a customer may be shown by the action that the route is permitted by. */
    fields: ReadonlySet<FieldGroup>;
  };
}

/** What a page has to be told to draw itself around its content. */
export interface PageContext {
  readonly person: Person;
  readonly csrf: string;
  /** Path of the page, for the place in the navigation and for links to itself. */
  readonly path: string;
  /** htmx asks for a part of the page, and a part is enough. */
  readonly isPart: boolean;
  may(action: ConsoleAction): boolean;
}

export function pageOf(c: Context<ConsoleEnv>): PageContext {
  const person = c.get("person");
  return {
    person,
    csrf: c.get("csrf"),
    path: c.req.path,
    isPart: c.req.header("hx-request") === "true" && c.req.header("hx-boosted") !== "true",
    may: (action) => grantOf(person, action) !== null,
  };
}
