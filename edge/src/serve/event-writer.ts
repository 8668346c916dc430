/** Writes Server-Sent Events to whoever reads them, at whatever pace that is. */

export interface EventWriterOptions {
  /** A stream that is silent for so long says that it is there: proxies on the way end those that do not. */
  readonly beatMs: number;
  /** Nobody reads any more. */
  readonly onGone: () => void;
}

/**
 * Writes as fast as its reader reads. A profile is sent whole each time, so for a reader that is slow only the newest waits;
 * everything else is sent in its order.
 */
export function createEventWriter(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  { beatMs, onGone }: EventWriterOptions,
) {
  const encoder = new TextEncoder();
  const waiting: { text: string; isState: boolean }[] = [];
  let isWriting = false;
  let isEnding = false;
  const beat = setInterval(() => push(": still here\n\n", false), beatMs);
  const stop = (): void => {
    clearInterval(beat);
    onGone();
  };
  writer.closed.catch(stop);

  async function write(): Promise<void> {
    isWriting = true;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await writer.write(encoder.encode(next.text));
      }
      if (isEnding) await writer.close();
    } catch {
      stop(); // the reader has gone
    }
    isWriting = false;
  }
  function push(text: string, isState: boolean): void {
    const at = isState ? waiting.findIndex((each) => each.isState) : -1;
    if (at !== -1) waiting.splice(at, 1);
    waiting.push({ text, isState });
    if (!isWriting) void write();
  }
  return {
    push,
    end(): void {
      isEnding = true;
      clearInterval(beat);
      if (!isWriting) void write();
    },
    abort(): void {
      clearInterval(beat);
      writer.abort().catch(() => undefined);
    },
  };
}
