/** A till of ours in a process of its own: sells without a network, or brings to the edge what was sold. */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { openStoreAgent } from "../../store-agent/src/open-store-agent.ts";
import { regularsOf, saleAt } from "./sales.ts";

const planSchema = z.object({
  dataDir: z.string(),
  source: z.string(),
  store: z.string(),
  pepper: z.string(),
  sales: z.int(),
  edgeUrl: z.string().optional(),
  enrolmentCode: z.string().optional(),
});
type Plan = z.infer<typeof planSchema>;

const PLACE = { zone: "Europe/London", country: "GB", currency: "GBP" };
/** Callers that arrive together: they share a commit. */
const GROUP = 64;
const LOOK_EVERY_MS = 10;

const plan = planSchema.parse(JSON.parse(process.argv[2] ?? ""));
if (plan.edgeUrl === undefined) await sell(plan);
else await bring(plan);

async function sell({ sales, ...settings }: Plan): Promise<void> {
  const agent = await openStoreAgent({ ...settings, ...PLACE });
  const regulars = regularsOf(sales);
  for (let from = 0; from < sales; from += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, sales - from) }, (_, at) =>
      agent.capture(saleAt(from + at, regulars)),
    );
    for (const answer of await Promise.all(group)) if (!answer.ok) throw new Error("refused");
  }
  await agent.close();
}

/** Tells when the till has learned of it: all of the sales durable at the edge, and all in their profiles. */
async function bring({ sales: _sales, ...settings }: Plan): Promise<void> {
  const agent = await openStoreAgent({ ...settings, ...PLACE });
  const reached: Record<"acceptedMs" | "mergedMs", number> = { acceptedMs: 0, mergedMs: 0 };
  while (reached.mergedMs === 0) {
    const { total } = await agent.status();
    const nowMs = performance.timeOrigin + performance.now();
    if (total.accepted >= total.captured) reached.acceptedMs ||= nowMs;
    if (total.merged >= total.captured) reached.mergedMs = nowMs;
    await wait(LOOK_EVERY_MS);
  }
  process.send?.(reached);
  await agent.close();
}
