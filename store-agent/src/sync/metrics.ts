/** The status of a till as metrics. */
import { ageSeconds, type Metric } from "@regulars/shared/metrics";
import type { Status } from "./status.ts";

const STEPS = ["accepted", "merged", "golden"] as const;
const OLDEST = { accepted: "notAccepted", merged: "notMerged", golden: "notGolden" } as const;

export function metricsOf(status: Status, nowMs: number): Metric[] {
  const { total, source, store } = status;
  const till = { store, source };
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    type: "gauge",
    samples: [{ labels: till, value }],
  });
  const oldestMs = (step: (typeof STEPS)[number]): number | null => {
    const times = [status, ...status.closed].flatMap(({ oldest }) => oldest[OLDEST[step]] ?? []);
    return times.length === 0 ? null : Math.min(...times.map((at) => Date.parse(at)));
  };
  return [
    {
      name: "regulars_till_events_total",
      help: "Events that have come so far on the ack ladder.",
      type: "counter",
      samples: (["captured", ...STEPS] as const).map((step) => ({
        labels: { ...till, step },
        value: total[step],
      })),
    },
    {
      name: "regulars_till_oldest_waiting_seconds",
      help: "Age of the oldest event that has not come so far; 0 when none waits.",
      type: "gauge",
      samples: STEPS.map((step) => ({
        labels: { ...till, step },
        value: ageSeconds(oldestMs(step), nowMs),
      })),
    },
    gauge(
      "regulars_till_edge_reachable",
      "1 while the edge answers.",
      status.edge.state === "reachable" ? 1 : 0,
    ),
    gauge("regulars_till_epoch", "The epoch that is being written.", status.epoch),
    gauge(
      "regulars_till_closed_epochs",
      "Closed epochs that are not all golden.",
      status.closed.length,
    ),
    gauge(
      "regulars_till_forked_epochs",
      "Epochs closed by a second life of this journal.",
      status.forked,
    ),
    gauge("regulars_till_resealing", "Events that wait for new numbers.", status.resealing),
    gauge("regulars_till_quarantined", "Events that were set aside.", status.quarantined),
    gauge(
      "regulars_till_clock_offset_seconds",
      "How far the clock is ahead of the edge's.",
      status.clockOffsetMs / 1_000,
    ),
    gauge("regulars_till_working_set", "Customers whose profiles are here.", status.workingSet),
    gauge("regulars_till_storage_bytes", "Size of the database.", status.storageBytes),
    gauge("regulars_till_archive_bytes", "Size of the archive files.", status.archive.bytes),
    gauge("regulars_till_archive_rows", "Golden events in archive files.", status.archive.rows),
    gauge(
      "regulars_till_archive_damaged_files",
      "Archive files of which something cannot be read.",
      status.archive.damagedFiles,
    ),
  ];
}
