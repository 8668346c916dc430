/** What the intake desk answers. The routes below are held to it by the compiler, and by the fuzzer that reads the document. */
import { ACCOUNT_KINDS } from "@regulars/shared/connect/account";
import { errorClassSchema, FAILURE_CODES } from "@regulars/shared/connect/failure";
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { z } from "zod";
import { ALERT_KINDS } from "../../intake/health.ts";

const ms = z.number().describe("Milliseconds since 1970 (UTC).");
const account = sourceIdSchema.describe("The account that it came by.");
const shop = storeIdSchema.describe("The shop of the account.");
const itemName = z.string().describe("Names the item: `shop/number`.");
const field = z.string().nullable().describe("The field that is the reason, where one is.");
const words = z
  .string()
  .describe("The reason in words for a person; never anything of what was sent.");

const shared = {
  account,
  format: z
    .string()
    .describe("How its body is read: a kind of account, `cloudevents`, `ndjson`, `file`, `app`."),
  topic: z.string().describe("What kind of message it says it is."),
};

export const failedItemSchema = z.object({
  item: itemName,
  shop,
  n: z.int(),
  ...shared,
  code: z.enum(FAILURE_CODES),
  class: errorClassSchema,
  field,
  words,
  receivedMs: ms,
  attempts: z.int(),
  retryMs: ms.nullable().describe("When it is tried again by itself; null for never."),
  worthMinor: z.int().describe("What is at stake, in minor units of `currency`."),
  currency: z.string().nullable(),
  priority: z.int().describe("What to look at first: money, and what waits long."),
});
export const failedAnswerSchema = z.object({
  items: z.array(failedItemSchema),
  cursor: z.string().nullable().describe("Of the next page; null at the end."),
});

export const groupsAnswerSchema = z.object({
  groups: z.array(
    z.object({
      ...shared,
      shop,
      code: z.string(),
      field,
      items: z.int().describe("How many failed in this way."),
      oldestMs: ms,
      example: z.int(),
      like: itemName.describe("One of them, by which all are named in a replay."),
    }),
  ),
});

export const shownItemSchema = z.object({
  n: z.int(),
  shop,
  ...shared,
  key: z.string().describe("Names the delivery: the same again has no second effect."),
  state: z.string(),
  receivedMs: ms,
  code: z.string().nullable(),
  field,
  words: words.nullable(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable().describe("As it came, in base64; null once it has been let go."),
  history: z.array(z.object({ atMs: ms, code: z.string() })),
});

export const replayedAnswerSchema = z.object({
  replayed: z.int().describe("Taken effect."),
  kept: z.int().describe("Failed, and listed with the reason of now."),
  reasons: z.record(z.string(), z.int()).describe("How many are kept for which reason, by code."),
  setAside: z
    .int()
    .describe(
      "Of those that are kept: rows that an import could not use. They are mended in their file and imported again; here they " +
        "cannot be read, and keep the import's reason until they are dropped.",
    ),
  more: z.boolean(),
  next: z.int().nullable().describe("Where the next page begins."),
});
export const droppedAnswerSchema = z.object({ dropped: z.literal(1) });
export const closedAnswerSchema = z.object({ closed: z.literal(1) });

export const privacyAnswerSchema = z.object({
  requests: z.array(
    z.object({
      n: z.int(),
      shop,
      account,
      request: z.string().describe("`access`, `erase` or `erase_shop`."),
      atMs: ms,
      dueMs: ms.describe("Until then it has to be answered."),
      subject: z.array(z.string()).describe("Identity keys of the person."),
      orders: z.array(z.string()),
    }),
  ),
});

export const healthAnswerSchema = z.object({
  accounts: z.array(
    z.object({
      account,
      shop,
      kind: z.enum(ACCOUNT_KINDS),
      seenMs: ms.nullable().describe("When anything was heard last."),
      goodMs: ms.nullable().describe("When something of use was heard last."),
      waiting: z.int(),
      lagMs: z.number().describe("Age of the oldest item that waits, in milliseconds."),
      failed: z.int(),
      retrying: z.int().describe("Of those, what is tried again by itself."),
      errorRate: z.number().nullable().describe("Of the last hour, between 0 and 1."),
      readLastHour: z.int(),
      stopped: z.string().nullable().describe("Why nothing of it is sent on any more."),
      notGolden: z.int().describe("Events that the centre does not have yet."),
      alerts: z.array(z.enum(ALERT_KINDS)),
    }),
  ),
});
