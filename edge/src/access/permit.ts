/** The door of every route: who calls, whether they call too often, whether the table grants the action. */
import type { Context, Handler, MiddlewareHandler } from "hono";
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import type { Env } from "../environment.ts";
import { problemResponse } from "../problem-response.ts";
import { RegistryAway } from "../registry/port.ts";
import type { Action, FieldGroup } from "@regulars/shared/access/actions";
import { authenticate } from "./authenticate.ts";
import type { Caller } from "./caller.ts";
import { tokenIn } from "./credentials.ts";
import { waitOf } from "./rate.ts";
import { fieldsFor } from "./fields-for.ts";

export interface Permitted {
  readonly caller: Caller;
  /** What of a profile this caller may be shown by this action. */
  readonly fields: ReadonlySet<FieldGroup>;
}

/** Of an app whose routes are permitted. */
export interface PermittedEnv {
  Bindings: Env;
  Variables: { caller: Caller; fields: ReadonlySet<FieldGroup> };
}

/** Which action stands before a route; null: open to all. For the test that no route is without one. */
const actions = new WeakMap<object, Action | null>();

export const actionOf = (handler: Handler | MiddlewareHandler): Action | null | undefined =>
  actions.get(handler);

/** Lets through whoever the table grants the action. */
export function permit(action: Action): MiddlewareHandler<PermittedEnv> {
  const door: MiddlewareHandler<PermittedEnv> = async (context, next) => {
    const token = tokenIn(context.req.raw.headers);
    const permitted = await permitToken(context.env, token, action);
    if (!permitted.ok) return permitted.reason;
    setPermitted(context, permitted.value);
    await next();
    // Whoever looks at a body has it made into a stream.
    if (action !== "profile.live") return undefined;
    const stream: ReadableStream<Uint8Array> | null = context.res.body;
    if (stream) {
      const isStill = async (): Promise<boolean> => {
        const caller = await callerOf(context.env, token);
        return caller.ok && fieldsFor(caller.value, action) !== null;
      };
      context.res = new Response(whilePermitted(stream, isStill), context.res);
    }
    return undefined;
  };
  actions.set(door, action);
  return door;
}

const through: MiddlewareHandler = (_, next) => next();

/** For the few routes that anybody may call, because what they do needs a proof of its own, or tells nothing. */
export function open(): MiddlewareHandler<{ Bindings: Env }> {
  const door = through.bind(null);
  actions.set(door, null);
  return door;
}

/** For routes that do the door's work themselves, as where the key is in the body: `permitToken` with this action. */
export function permitsItself(action: Action): MiddlewareHandler<{ Bindings: Env }> {
  const door = through.bind(null);
  actions.set(door, action);
  return door;
}

export function setPermitted(context: Context<PermittedEnv>, { caller, fields }: Permitted): void {
  context.set("caller", caller);
  context.set("fields", fields);
}

/** The whole decision about one call; a refusal is the response to give. What is denied counts as a call as well. */
export async function permitToken(
  env: Env,
  token: string | null,
  action: Action,
): Promise<Result<Permitted, Response>> {
  const caller = await callerOf(env, token);
  if (!caller.ok) return fail(problemResponse(caller.reason));
  const waitMs = waitOf(caller.value, Date.now());
  if (waitMs !== null) return fail(tooOften(waitMs));
  const fields = fieldsFor(caller.value, action);
  if (!fields) return fail(problemResponse(problemOf("forbidden")));
  return ok({ caller: caller.value, fields });
}

async function callerOf(env: Env, token: string | null): Promise<Result<Caller, Problem>> {
  if (token === null || token.length > LIMITS.bearerChars) return fail(problemOf("unauthorized"));
  try {
    return await authenticate(env, token);
  } catch (error) {
    // Not known who that is: nobody is let in on trust.
    if (error instanceof RegistryAway) return fail(problemOf("unreachable"));
    throw error;
  }
}

/** Whoever is revoked, or whose token ends, hears nothing more on a stream that was opened before. */
function whilePermitted(
  stream: ReadableStream<Uint8Array>,
  isStill: () => Promise<boolean>,
): ReadableStream<Uint8Array> {
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      async transform(chunk, controller) {
        if (await isStill()) controller.enqueue(chunk);
        else controller.terminate();
      },
    }),
  );
}

function tooOften(waitMs: number): Response {
  const response = problemResponse(problemOf("overloaded"));
  response.headers.set("retry-after", String(Math.max(1, Math.ceil(waitMs / 1_000))));
  return response;
}
