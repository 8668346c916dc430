/** Routes of whoever watches the centre. */
import { METRICS_TYPE, metricsText } from "@regulars/shared/metrics";
import type { Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { compareMetrics, readCompareAnswer, readCompareStatus } from "../compare/status.ts";
import { metricsOf } from "./metrics.ts";
import { readCentreStatus, readQuarantine, wordsOf } from "./status.ts";

const LISTED_MAX = 1_000;

export function watchRoutes({
  storage,
  nowMs,
}: {
  readonly storage: Storage;
  readonly nowMs: () => number;
}): Hono {
  const watch = new Hono();
  watch.get("/v1/status", async (c) => {
    const status = await readCentreStatus(storage);
    return c.json({ ...wordsOf(status, nowMs()), ...status });
  });
  watch.get("/v1/quarantine", async (c) =>
    c.json({ items: await readQuarantine(storage, LISTED_MAX) }),
  );
  watch.get("/v1/compare", async (c) => c.json(await readCompareAnswer(storage, nowMs())));
  watch.get("/metrics", async (c) => {
    const metrics = [
      ...metricsOf(await readCentreStatus(storage), nowMs()),
      ...compareMetrics(await readCompareStatus(storage, nowMs()), nowMs()),
    ];
    return c.text(metricsText(metrics), 200, { "content-type": METRICS_TYPE });
  });
  return watch;
}
