/** The edge's intake desk and quarantine, as the centre asks for them. */
import { accountSchema } from "@regulars/shared/connect/account";
import { problemSchema } from "@regulars/shared/problem";
import { replayAnswerSchema } from "@regulars/shared/quarantine";
import { z } from "zod";
import type { AskEdge } from "../tills/routes.ts";

/** The edge cannot be reached, or does not know us: nothing of it can be said. */
export class EdgeAway extends Error {}

const groupSchema = z.object({
  account: z.string(),
  format: z.string(),
  topic: z.string(),
  code: z.string(),
  field: z.string().nullable(),
  shop: z.string(),
  items: z.int(),
  oldestMs: z.number(),
  like: z.string(),
});
export type EdgeGroup = z.infer<typeof groupSchema>;

const failedSchema = z.object({
  item: z.string(),
  shop: z.string(),
  n: z.int(),
  account: z.string(),
  format: z.string(),
  topic: z.string(),
  code: z.string(),
  field: z.string().nullable(),
  words: z.string(),
  receivedMs: z.number(),
  attempts: z.int(),
  retryMs: z.number().nullable(),
  worthMinor: z.int(),
  currency: z.string().nullable(),
});
export type FailedItem = z.infer<typeof failedSchema>;

const itemSchema = z.object({
  n: z.int(),
  shop: z.string(),
  account: z.string(),
  format: z.string(),
  topic: z.string(),
  key: z.string(),
  state: z.string(),
  receivedMs: z.number(),
  code: z.string().nullable(),
  field: z.string().nullable(),
  words: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  history: z.array(z.object({ atMs: z.number(), code: z.string() })),
});
export type EdgeItem = z.infer<typeof itemSchema>;

const replayedSchema = z.object({
  replayed: z.int(),
  kept: z.int(),
  reasons: z.record(z.string(), z.int()),
  setAside: z.int(),
  more: z.boolean(),
  next: z.int().nullable(),
});
export type ReplayedItems = z.infer<typeof replayedSchema>;

const healthSchema = z.object({
  accounts: z.array(
    z.object({
      account: z.string(),
      shop: z.string(),
      kind: z.string(),
      seenMs: z.number().nullable(),
      waiting: z.int(),
      failed: z.int(),
      errorRate: z.number().nullable(),
      stopped: z.string().nullable(),
      alerts: z.array(z.string()),
    }),
  ),
});
export type AccountHealth = z.infer<typeof healthSchema>["accounts"][number];

/** As it is shown; secrets are only whether they are set. */
export const accountViewSchema = accountSchema.extend({
  secrets: z.object({ webhookSecret: z.boolean(), apiToken: z.boolean() }).optional(),
});
export type AccountView = z.infer<typeof accountViewSchema>;

const quarantineSchema = z.object({
  items: z.array(
    z.object({
      store: z.string(),
      source: z.string(),
      epoch: z.int(),
      seq: z.int(),
      code: z.string(),
      sinceMs: z.number(),
    }),
  ),
});
export type EdgeRow = z.infer<typeof quarantineSchema>["items"][number];

export interface Cause {
  readonly shop: string;
  readonly account: string;
  readonly format: string;
  readonly topic: string;
  readonly code: string;
  readonly field: string | null;
}

export const isOfCause = (each: Cause, cause: Cause): boolean =>
  each.shop === cause.shop &&
  each.account === cause.account &&
  each.format === cause.format &&
  each.topic === cause.topic &&
  each.code === cause.code &&
  each.field === cause.field;

export type EdgeDesk = ReturnType<typeof createEdgeDesk>;

const must = async <Value>(answer: Promise<Value | null>): Promise<Value> => {
  const value = await answer;
  if (value === null) throw new EdgeAway();
  return value;
};

/** Every call rejects with `EdgeAway` where the edge gives no answer of use. */
export function createEdgeDesk(askEdge: AskEdge) {
  async function ask<Schema extends z.ZodType>(
    schema: Schema,
    ...asked: Parameters<AskEdge>
  ): Promise<z.infer<Schema> | null> {
    const answer = await askEdge(...asked).catch(() => {
      throw new EdgeAway();
    });
    if (answer.status === 404) return null;
    const parsed = schema.safeParse(answer.json);
    if (answer.status >= 400 || !parsed.success) throw new EdgeAway();
    return parsed.data;
  }
  const pageSchema = z.object({ items: z.array(failedSchema), cursor: z.string().nullable() });
  return {
    groups: async () =>
      (await must(ask(z.object({ groups: z.array(groupSchema) }), "GET", "/v1/intake/groups")))
        .groups,
    health: async () => (await must(ask(healthSchema, "GET", "/v1/intake/health"))).accounts,
    /** Of one cause, those that matter most; `cursor` of the page before. */
    failed: (cause: Cause, cursor: string | null) => {
      const query = new URLSearchParams({ account: cause.account, code: cause.code });
      if (cursor !== null) query.set("cursor", cursor);
      return must(ask(pageSchema, "GET", `/v1/intake/failed?${query.toString()}`));
    },
    item: (shop: string, n: number) => ask(itemSchema, "GET", `/v1/intake/items/${shop}/${n}`),
    account: (id: string) => ask(accountViewSchema, "GET", `/v1/accounts/${id}`),
    /** In words why not, where it is refused. */
    async putAccount(id: string, account: object): Promise<readonly string[]> {
      const answer = await askEdge("PUT", `/v1/accounts/${id}`, account).catch(() => {
        throw new EdgeAway();
      });
      if (answer.status < 400) return [];
      const problem = problemSchema.safeParse(answer.json).data;
      if (!problem || answer.status === 401 || answer.status >= 500) throw new EdgeAway();
      const errors = (problem.errors ?? []).map(({ field, reason }) => `${field} ${reason}.`);
      return errors.length > 0 ? errors : [problem.detail ?? `${problem.title}.`];
    },
    replay: (message: object) => ask(replayedSchema, "POST", "/v1/intake/replay", message),
    drop: (item: string, reason: string) =>
      ask(z.object({ dropped: z.int() }), "POST", "/v1/intake/drop", { item, reason }),
    quarantine: async () => (await must(ask(quarantineSchema, "GET", "/v1/quarantine"))).items,
    replayQuarantine: (message: object) =>
      must(ask(replayAnswerSchema, "POST", "/v1/quarantine/replay", message)),
  };
}
