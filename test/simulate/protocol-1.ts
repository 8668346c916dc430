/**
 * A till that has been in a drawer for ninety days: it says and hears what protocol 1 knew, and no more. It sends no digest,
 * so its link is one without bent bits; it never came back from a backup, for protocol 1 had no answer to that.
 */
import { z } from "zod";

const VERSION = { protocol: 1, schema: 1, minReader: 1 };
const versionShape = { protocol: z.int(), schema: z.int(), minReader: z.literal(1) };
const marksSchema = z.object({ accepted: z.int(), merged: z.int(), golden: z.int() });

const messageSchema = z.record(z.string(), z.unknown());
const SINCE_2 = ["life", "head", "closed", "fragments"];

/** Unknown fields are dropped, as any parser of protocol 1 did. */
const answerSchemas: Readonly<Record<string, z.ZodType>> = {
  "/v1/push": z.object({
    ...versionShape,
    outcome: z.enum(["accepted", "gap", "fork", "broken_chain"]),
    seq: z.int().optional(),
    marks: marksSchema,
    quarantined: z.array(z.object({ seq: z.int(), code: z.string() })),
    serverTimeMs: z.int(),
    pace: z.object({ maxBatchBytes: z.int(), retryAfterMs: z.int() }),
  }),
  "/v1/pull": z.object({
    ...versionShape,
    changes: z.array(z.unknown()),
    cursor: z.string(),
    resync: z.boolean(),
    more: z.boolean(),
    marks: marksSchema,
    serverTimeMs: z.int(),
  }),
};

/** `fetch` of such a till. */
export const fetchOfProtocol1: typeof fetch = async (input, init = {}) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  const said = messageSchema.parse(JSON.parse(typeof init.body === "string" ? init.body : ""));
  const answerSchema = answerSchemas[pathname];
  if (!answerSchema) return fetch(input, { ...init, headers: {}, body: lookupOf(said) });
  for (const field of SINCE_2) delete said[field];
  const response = await fetch(input, {
    ...init,
    headers: {},
    body: JSON.stringify({ ...said, ...VERSION }),
  });
  if (!response.ok) return response;
  const heard = answerSchema.parse(JSON.parse(await response.text()));
  const text = JSON.stringify({ ...messageSchema.parse(heard), ...VERSION });
  return Object.assign(response, { text: async () => text, headers: new Headers() });
};

/** A look-up said no protocol, which is how the edge knows in which words to answer. */
const lookupOf = ({ protocol: _protocol, ...asked }: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(asked);
