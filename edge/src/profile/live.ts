/** Live profiles: one Server-Sent Events stream per listener. The event id is the profile's version, for resuming. */
import type { CustomerId } from "@regulars/shared/ids";
import type { Profile } from "@regulars/shared/survivorship/profile";

type Writer = WritableStreamDefaultWriter<Uint8Array>;

export function createLive() {
  const writers = new Map<CustomerId, Set<Writer>>();
  const encoder = new TextEncoder();

  function drop(customer: CustomerId, writer: Writer): void {
    const listeners = writers.get(customer);
    listeners?.delete(writer);
    if (listeners?.size === 0) writers.delete(customer);
  }

  function send(customer: CustomerId, writer: Writer, text: string): void {
    // A listener that has gone is noticed when writing to it fails.
    writer.write(encoder.encode(text)).catch(() => drop(customer, writer));
  }

  return {
    open(customer: CustomerId, first: Profile | null): Response {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      const listeners = writers.get(customer) ?? new Set();
      writers.set(customer, listeners.add(writer));
      writer.closed.catch(() => drop(customer, writer));
      send(customer, writer, first ? eventOf(first) : ": no change yet\n\n");
      return new Response(readable, {
        headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
      });
    },
    publish(profiles: readonly Profile[]): void {
      for (const profile of profiles) {
        for (const writer of writers.get(profile.customer) ?? []) {
          send(profile.customer, writer, eventOf(profile));
        }
      }
    },
  };
}

function eventOf(profile: Profile): string {
  return `event: profile\nid: ${profile.version}\ndata: ${JSON.stringify(profile)}\n\n`;
}
