/** One call: the token, the answer or the error, and again where the edge asks to come back. */
import { errorOf, RegularsError } from "./error.ts";
import type { OpenSocket } from "./transports.ts";

export interface ClientOptions {
  /** Where the edge is: `https://edge.example.com`. */
  readonly edgeUrl: string;
  /** Or how to get one that is still good. */
  readonly token: string | (() => string | Promise<string>);
  readonly fetch?: typeof globalThis.fetch;
  /** How a socket is opened, where there is no `WebSocket` (Node before 22), or another one is to be used. */
  readonly openSocket?: OpenSocket;
  /** A stream that has not begun by then never will: its `fetch` waits for the whole of it (ms); 10000 where nothing is said. */
  readonly answerWithinMs?: number;
  /** How often a call is tried when the edge is busy or cannot be reached; 3 where nothing is said. */
  readonly attempts?: number;
  /** For tests. */
  readonly wait?: (ms: number) => Promise<void>;
  readonly random?: () => number;
}

export interface Call {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

const MOST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 250;

/** Full jitter, and never sooner than the edge asks. */
export function waitMs(attempt: number, error: RegularsError | null, random: () => number): number {
  const backoff = random() * Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.max(backoff, error?.retryAfterMs ?? 0);
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export const isPassing = ({ reason }: RegularsError): boolean =>
  reason === "overloaded" || reason === "unreachable" || reason === "storage_unavailable";

export function createHttp(options: ClientOptions) {
  const { edgeUrl, attempts = 3, wait = pause, random = Math.random } = options;
  const base = edgeUrl.endsWith("/") ? edgeUrl : `${edgeUrl}/`;
  // Called as a function of its own: browsers refuse a fetch that is a method of something else.
  const send: typeof globalThis.fetch = (input, init) => (options.fetch ?? fetch)(input, init);
  const tokenNow = async (): Promise<string> =>
    typeof options.token === "string" ? options.token : options.token();

  async function once({ method = "GET", path, headers, body, signal }: Call): Promise<Response> {
    const token = await tokenNow();
    let response: Response;
    try {
      response = await send(new URL(path, base), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body ? { "content-type": "application/json" } : {}),
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        ...(signal ? { signal } : {}),
      });
    } catch {
      throw new RegularsError(signal?.aborted === true ? "aborted" : "unreachable");
    }
    if (response.ok || response.status === 304) return response;
    throw await errorOf(response);
  }

  return {
    base,
    tokenNow,
    once,
    /** Everything that is asked this way may be asked twice: writes carry a key. */
    async call(call: Call): Promise<Response> {
      for (let attempt = 0; ; attempt++) {
        try {
          return await once(call);
        } catch (error) {
          const isLast = attempt + 1 >= attempts;
          if (!(error instanceof RegularsError) || !isPassing(error) || isLast) throw error;
          await wait(waitMs(attempt, error, random));
        }
      }
    },
  };
}
export type Http = ReturnType<typeof createHttp>;
