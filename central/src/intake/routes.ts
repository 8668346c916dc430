/** What the edge delivers. */
import { CONTENT_DIGEST, contentDigestOf, isAsSent } from "@regulars/shared/content-digest";
import { eventsIntakeSchema, fragmentsIntakeSchema } from "@regulars/shared/protocol/intake";
import { isSupported, versionShape } from "@regulars/shared/protocol/version";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { parseRequest, Refused } from "../problem-answer.ts";
import type { Intake } from "./intake.ts";

/** One event of the largest size is 512 Ki characters: up to four bytes each, as many again where JSON escapes them. */
const INTAKE_BYTES = 8 * 1024 * 1024;

const versionSchema = z.object(versionShape);

export function intakeRoutes(intake: Intake): Hono {
  const routes = new Hono();
  routes.use(
    bodyLimit({
      maxSize: INTAKE_BYTES,
      onError: () => {
        throw new Refused("too_large");
      },
    }),
  );
  routes.post("/events", async (c) =>
    answer(c, await intake.events(await readMessage(c, eventsIntakeSchema))),
  );
  routes.post("/fragments", async (c) =>
    answer(c, await intake.fragments(await readMessage(c, fragmentsIntakeSchema))),
  );
  return routes;
}

async function readMessage<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await c.req.text();
  const json = parseJson(text);
  // First of all: a message of another version need not have the form that this one's schema asks for (SYN9).
  const version = parseRequest(versionSchema, json);
  if (!isSupported(version)) throw new Refused("unsupported_protocol");
  if (!isAsSent(text, c.req.header(CONTENT_DIGEST), json)) {
    throw new Refused("damaged_body");
  }
  return parseRequest(schema, json);
}

async function answer(c: Context, message: object): Promise<Response> {
  const text = JSON.stringify(message);
  return c.body(text, 200, {
    "content-type": "application/json",
    [CONTENT_DIGEST]: contentDigestOf(text),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused("malformed_json");
  }
}
