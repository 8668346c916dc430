/** What still fails at the edge's intake: it was received, so it is part of what completeness is measured by. */
import { accountSchema } from "@regulars/shared/connect/account";
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";
import { z } from "zod";
import type { AskEdge } from "../tills/routes.ts";
import { dayOf } from "./contribution.ts";
import { UNKNOWN_CHANNEL } from "./fields.ts";
import { AT_EDGE } from "./series.ts";
import { replaceStatements } from "./snapshot.ts";

const accountsSchema = z.object({
  accounts: z.array(accountSchema.pick({ id: true, channel: true })),
});
const failedSchema = z.object({
  items: z.array(z.object({ account: z.string(), receivedMs: z.number() })),
  cursor: z.string().nullable(),
});

/** Rejects where the edge cannot be asked: then the figures stay as they were. */
export async function readEdgeFailures(askEdge: AskEdge): Promise<Statement[]> {
  const ask = async <Schema extends z.ZodType>(path: string, schema: Schema) => {
    const { status, json } = await askEdge("GET", path);
    if (status !== 200) throw new Error(`the edge answered ${status}`);
    return schema.parse(json);
  };
  const { accounts } = await ask("/v1/accounts", accountsSchema);
  const channels = new Map(accounts.map(({ id, channel }) => [id, channel]));
  const counts = new Map<string, readonly [string, string, number]>();
  let cursor: string | null = null;
  for (let page = 0; page < LIMITS.qualityEdgePages; page++) {
    const after: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const failed: z.infer<typeof failedSchema> = await ask(`/v1/intake/failed${after}`, failedSchema); // prettier-ignore
    for (const { account, receivedMs } of failed.items) {
      const [day, channel] = [dayOf(receivedMs), channels.get(account) ?? UNKNOWN_CHANNEL];
      const name = `${day} ${channel}`;
      counts.set(name, [day, channel, (counts.get(name)?.[2] ?? 0) + 1]);
    }
    ({ cursor } = failed);
    if (cursor === null) break;
  }
  return replaceStatements(
    AT_EDGE,
    [...counts.values()].map(([day, channel, count]) => [day, AT_EDGE, channel, count, count]),
  );
}
