/** Server-Sent Events out of a stream of bytes. Browsers' own reader cannot show a token. */
import { RegularsError } from "./error.ts";

export interface StreamEvent {
  readonly event: string;
  readonly id: number | null;
  readonly data: unknown;
}

export async function* eventsIn(
  body: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end !== -1) {
        const event = eventOf(text.slice(0, end));
        text = text.slice(end + 2);
        if (event) yield event;
        continue;
      }
      const { value, done } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    throw new RegularsError(signal?.aborted === true ? "aborted" : "unreachable");
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Null for what is no event: a comment that keeps the line open, or how long to wait before coming back. */
function eventOf(block: string): StreamEvent | null {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  const data = fields.get("data");
  if (data === undefined) return null;
  const id = fields.get("id");
  return {
    event: fields.get("event") ?? "message",
    id: id === undefined ? null : Number(id),
    data: JSON.parse(data),
  };
}
