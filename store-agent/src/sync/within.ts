/**
 * A call over the network that is over after its time, or when the till closes. Whoever makes it is told so even where what it
 * waits for never notices that it was ended: a loop that waits for good sends nothing any more (SYN7).
 */
export interface Bounds {
  readonly timeoutMs: number;
  readonly closing: AbortSignal;
}

/** Rejects when it is over, with whatever the call rejects with, or with an error of its own. */
export async function within<Value>(
  { timeoutMs, closing }: Bounds,
  call: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  closing.throwIfAborted();
  const ends = new AbortController();
  const over = Promise.withResolvers<never>();
  const end = (): void => {
    ends.abort();
    over.reject(new Error("the call was not answered in time"));
  };
  const timer = setTimeout(end, timeoutMs);
  closing.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([call(ends.signal), over.promise]);
  } finally {
    clearTimeout(timer);
    closing.removeEventListener("abort", end);
  }
}
