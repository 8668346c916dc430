/** One HTTP request with a parsed answer, and what became of it in words that a caller can decide on. */
import type { z } from "zod";
import { problemSchema } from "@regulars/shared/problem";

/** The other side is not there at the moment, or asks to come again: worth another try. */
export class Unavailable extends Error {}

/** The other side has understood and says no. */
export class Refused extends Error {}

interface Sending {
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; without it the request is a GET. */
  readonly body?: unknown;
  /** POST where it is left out. */
  readonly method?: "POST" | "PUT";
}

const timeoutMs = 20_000;

export async function request<Schema extends z.ZodType>(
  url: string,
  schema: Schema,
  sending: Sending,
): Promise<z.infer<Schema>> {
  const response = await send(url, sending);
  const text = await response.text().catch((error: unknown) => {
    throw new Unavailable(`the answer of ${url} broke off`, { cause: error });
  });
  if (response.ok) return schema.parse(JSON.parse(text));
  const said = `${new URL(url).pathname} answered ${response.status}${problemIn(text)}`;
  if (response.status === 429 || response.status >= 500) throw new Unavailable(said);
  throw new Refused(said);
}

async function send(url: string, { headers, body, method = "POST" }: Sending): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    if (body === undefined) return await fetch(url, { headers, signal });
    const json = { ...headers, "content-type": "application/json" };
    return await fetch(url, { method, headers: json, body: JSON.stringify(body), signal });
  } catch (error) {
    throw new Unavailable(`${new URL(url).origin} does not answer`, { cause: error });
  }
}

function problemIn(text: string): string {
  try {
    const { title, detail, errors } = problemSchema.parse(JSON.parse(text));
    const fields = errors?.map(({ field, reason }) => `${field} ${reason}`).join(", ");
    return `: ${[title, detail, fields].filter(Boolean).join("; ")}`;
  } catch {
    return ""; // not a problem document
  }
}
