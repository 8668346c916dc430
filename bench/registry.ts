/**
 * Every bench by its name, in the order in which `all` runs them. Each is loaded when it runs, so that one that cannot be loaded
 * stands in no other's way.
 */
import type { BenchOptions, Measured } from "./measured.ts";

export interface Bench {
  /** In one line, for --help and for the table in README.md. */
  readonly measures: string;
  readonly run: (options: BenchOptions) => Promise<Measured[]>;
}

export const BENCHES: Readonly<Record<string, Bench>> = {
  capture: {
    measures: "durable captures at a till, against a bare write and fdatasync of the same bytes",
    run: async (options) => (await import("./capture.ts")).benchCapture(options),
  },
  lookup: {
    measures: "look-ups at a till with 200,000 customers, its memory, and how soon it sells",
    run: async (options) => (await import("./lookup.ts")).benchLookup(options),
  },
  "edge-read": {
    measures: "profiles by id, against a bare Durable Object in the same workerd",
    run: async (options) => (await import("./edge-read.ts")).benchEdgeRead(options),
  },
  "edge-push": {
    measures: "what an edge takes over the sync protocol, against a bare row per request",
    run: async (options) => (await import("./edge-push.ts")).benchEdgePush(options),
  },
  "update-latency": {
    measures: "from an accepted update to a changed profile read elsewhere, at 100 per second",
    run: async (options) => (await import("./update-latency.ts")).benchUpdateLatency(options),
  },
  sync: {
    measures: "20,000 sales made offline and brought home, against PouchDB and Yjs with Hocuspocus",
    run: async (options) => (await import("./sync.ts")).benchSync(options),
  },
  drain: {
    measures: "twenty tills that come home after 72 hours, and what they sell meanwhile",
    run: async (options) => (await import("./drain.ts")).benchDrain(options),
  },
  resolve: {
    measures: "who is who: batch in threads, and new records against stored ones",
    run: async (options) => (await import("./resolve.ts")).benchResolve(options),
  },
  centre: {
    measures:
      "golden records, timelines, pages and bytes at 1,000,000 customers and 5,000,000 events (needs 15 GB)",
    run: async (options) => (await import("./centre.ts")).benchCentre(options),
  },
  footprint: {
    measures: "bundle, memory, disk, rows written and what a month costs, by list prices",
    run: async (options) => (await import("./footprint.ts")).benchFootprint(options),
  },
  ingest: {
    measures: "how much Segment's clients can bring, and that nothing of it is lost",
    run: async (options) => (await import("./ingest.ts")).benchIngest(options),
  },
  reconcile: {
    measures: "all checks of a day of 200 stores with a thousand sales each",
    run: async (options) => (await import("./reconcile.ts")).benchReconcile(options),
  },
  archive: {
    measures: "a till after a million events",
    run: async (options) => (await import("./archive.ts")).benchArchive(options),
  },
  readers: {
    measures: "what reading names, addresses and the rest takes of the processor",
    run: async (options) => (await import("./readers.ts")).benchReaders(options),
  },
};
