/** The door of every route of the console: whether the table grants this person the action. */
import type { ConsoleAction } from "@regulars/shared/access/actions";
import type { Handler, MiddlewareHandler } from "hono";
import type { ConsoleEnv } from "../console/environment.ts";
import { Refused } from "../problem-answer.ts";
import { grantOf } from "./person.ts";

/** Which action stands before a route; null: everybody who has signed in. For the test that no route is without one. */
const actions = new WeakMap<object, ConsoleAction | null>();

export const actionOf = (handler: Handler | MiddlewareHandler): ConsoleAction | null | undefined =>
  actions.get(handler);

/** Lets through whoever the table grants the action, and says in `fields` what of a customer they may be shown by it. */
export function permit(action: ConsoleAction): MiddlewareHandler<ConsoleEnv> {
  const door: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
    const fields = grantOf(c.get("person"), action);
    if (!fields) throw new Refused("forbidden");
    c.set("fields", fields);
    await next();
  };
  actions.set(door, action);
  return door;
}

const through: MiddlewareHandler<ConsoleEnv> = (_, next) => next();

/** For what everybody who has signed in may do: sign out, see whom the console takes them for. */
export function permitAll(): MiddlewareHandler<ConsoleEnv> {
  const door = through.bind(null);
  actions.set(door, null);
  return door;
}
