/** The status of the centre as metrics. */
import { ageSeconds, type Metric } from "@regulars/shared/metrics";
import type { WriterState } from "../console/writers.ts";
import type { CentreStatus } from "./status.ts";

export function metricsOf(status: CentreStatus, nowMs: number): Metric[] {
  const terminals = [
    ...Map.groupBy(status.terminals, ({ store, source }) => `${store} ${source}`).values(),
  ].flatMap((epochs) => {
    const [first] = epochs;
    return first ? [{ labels: { store: first.store, source: first.source }, epochs }] : [];
  });
  const perTerminal = (read: (epochs: readonly WriterState[]) => number) =>
    terminals.map(({ labels, epochs }) => ({ labels, value: read(epochs) }));
  return [
    {
      name: "regulars_centre_events_total",
      help: "Events that have come so far on the ack ladder.",
      type: "counter",
      samples: terminals.flatMap(({ labels, epochs }) => [
        { labels: { ...labels, step: "journaled" }, value: sum(epochs, (each) => each.journaled) },
        { labels: { ...labels, step: "golden" }, value: sum(epochs, (each) => each.golden) },
      ]),
    },
    {
      name: "regulars_centre_oldest_waiting_seconds",
      help: "Since when the oldest event has been here that is not golden; 0 when none waits.",
      type: "gauge",
      samples: perTerminal((epochs) => {
        const times = epochs.flatMap(({ waitingSinceMs }) => waitingSinceMs ?? []);
        return ageSeconds(times.length === 0 ? null : Math.min(...times), nowMs);
      }),
    },
    {
      name: "regulars_centre_last_seen_seconds",
      help: "Since the edge accepted the terminal's newest event.",
      type: "gauge",
      samples: perTerminal((epochs) =>
        ageSeconds(Math.max(...epochs.map(({ lastSeenMs }) => lastSeenMs)), nowMs),
      ),
    },
    {
      name: "regulars_centre_forks_total",
      help: "Rows that came under the number of another one.",
      type: "counter",
      samples: perTerminal((epochs) => sum(epochs, ({ forks }) => forks)),
    },
    {
      name: "regulars_centre_quarantined",
      help: "What arrived and could not be used.",
      type: "gauge",
      samples: Object.entries(status.quarantined).map(([reason, value]) => ({
        labels: { reason },
        value,
      })),
    },
    {
      name: "regulars_centre_publications",
      help: "Decisions that the edge has not applied.",
      type: "gauge",
      samples: [{ value: status.publications }],
    },
    {
      name: "regulars_centre_storage_bytes",
      help: "Size of the database.",
      type: "gauge",
      samples: [{ value: status.storageBytes }],
    },
  ];
}

const sum = (epochs: readonly WriterState[], read: (epoch: WriterState) => number): number =>
  epochs.reduce((total, epoch) => total + read(epoch), 0);
