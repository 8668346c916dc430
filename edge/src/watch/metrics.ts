/** The status of the edge as metrics: of each terminal, and of each object. */
import { ageSeconds, counter, gauge, type Metric, type Sample } from "@regulars/shared/metrics";
import type { TerminalReport } from "../inbox/report.ts";
import type { EdgeStatus } from "./status.ts";

export const metricsOf = (status: EdgeStatus, nowMs: number): Metric[] => [
  ...terminalMetrics(status, nowMs),
  ...objectMetrics(status),
];

/** All epochs of a terminal, the current one last. */
type Epochs = readonly TerminalReport[];

function terminalMetrics({ stores }: EdgeStatus, nowMs: number): Metric[] {
  const terminals = stores.flatMap(({ store, terminals: ofStore }) =>
    [...Map.groupBy(ofStore, ({ source }) => source)].map(([source, epochs]) => ({
      labels: { store, source },
      epochs,
    })),
  );
  const each = (read: (epochs: Epochs) => number): Sample[] =>
    terminals.map(({ labels, epochs }) => ({ labels, value: read(epochs) }));
  const bySteps = <Step extends string>(
    steps: readonly Step[],
    read: (epochs: Epochs, step: Step) => number,
  ): Sample[] =>
    terminals.flatMap(({ labels, epochs }) =>
      steps.map((step) => ({ labels: { ...labels, step }, value: read(epochs, step) })),
    );
  return [
    counter(
      "regulars_edge_events_total",
      "Events that have come so far on the ack ladder.",
      bySteps(["accepted", "merged", "golden"], (epochs, step) => sum(epochs, (one) => one[step])),
    ),
    gauge(
      "regulars_edge_oldest_waiting_seconds",
      "Since when the oldest event has been here that has not come so far; 0 when none waits.",
      bySteps(["merged", "golden"], (epochs, step) =>
        ageSeconds(
          oldest(epochs, (one) =>
            step === "merged" ? one.notMergedSinceMs : one.notGoldenSinceMs,
          ),
          nowMs,
        ),
      ),
    ),
    gauge(
      "regulars_edge_last_seen_seconds",
      "Since the last push of the terminal.",
      each((epochs) => ageSeconds(Math.max(...epochs.map((one) => one.lastSeenMs)), nowMs)),
    ),
    gauge(
      "regulars_edge_clock_offset_seconds",
      "How far the terminal's clock was ahead at its last push.",
      each((epochs) => (epochs.at(-1)?.clockOffsetMs ?? 0) / 1_000),
    ),
    counter(
      "regulars_edge_forks_total",
      "Rows that came under the number of another one.",
      each((epochs) => sum(epochs, (one) => one.forks)),
    ),
    counter(
      "regulars_edge_fenced_total",
      "How often another life of a journal was turned away.",
      each((epochs) => sum(epochs, (one) => one.fenced)),
    ),
  ];
}

function objectMetrics({ stores, shards }: EdgeStatus): Metric[] {
  const perStore = (read: (store: EdgeStatus["stores"][number]) => number): Sample[] =>
    stores.map((each) => ({ labels: { store: each.store }, value: read(each) }));
  const perShard = (read: (shard: EdgeStatus["shards"][number]) => number): Sample[] =>
    shards.map((each) => ({ labels: { shard: each.shard }, value: read(each) }));
  return [
    gauge(
      "regulars_edge_quarantined",
      "Items that are kept whole and merged nowhere.",
      stores.flatMap(({ store, quarantined }) =>
        Object.entries(quarantined).map(([reason, value]) => ({
          labels: { store, reason },
          value,
        })),
      ),
    ),
    gauge(
      "regulars_edge_resyncs",
      "Fragments that are asked for whole.",
      perStore(({ needed }) => needed),
    ),
    gauge(
      "regulars_edge_customers",
      "Customers of a shard.",
      perShard((one) => one.customers),
    ),
    gauge(
      "regulars_edge_notices",
      "Stores to be told of a change.",
      perShard((one) => one.notices),
    ),
    gauge(
      "regulars_edge_undelivered",
      "Fragments that the centre does not have yet.",
      perShard((one) => one.undelivered),
    ),
    gauge("regulars_edge_storage_bytes", "Size of an object's database.", [
      ...perStore((one) => one.storageBytes),
      ...perShard((one) => one.storageBytes),
    ]),
  ];
}

const sum = (epochs: Epochs, read: (epoch: TerminalReport) => number): number =>
  epochs.reduce((total, epoch) => total + read(epoch), 0);

function oldest(epochs: Epochs, read: (epoch: TerminalReport) => number | null): number | null {
  const times = epochs.flatMap((epoch) => read(epoch) ?? []);
  return times.length === 0 ? null : Math.min(...times);
}
