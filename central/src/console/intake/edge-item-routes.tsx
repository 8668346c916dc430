/** @jsxImportSource hono/jsx */
// One item of the edge's desk: shown, revealed, read anew, dropped.
import { storeIdSchema } from "@regulars/shared/ids";
import type { Storage } from "@regulars/shared/storage/port";
import type { Context, Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { type EdgeDesk, EdgeAway, type EdgeItem } from "../../desk/edge-desk.ts";
import { lastWorked } from "../../desk/jobs.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { formatTime } from "../format.ts";
import { EdgeItemPage, type Outcome, stateWords, versionOfItem } from "./item-page.tsx";
import { textOfBase64 } from "./masked.ts";
import { away, type IntakeRoutesDeps, limited, orAway } from "./answers.tsx";
import { edgeMeaning } from "./words.ts";

const nameSchema = z.object({
  shop: storeIdSchema,
  n: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
const doneSchema = z.enum(["replayed", "again", "other", "aside", "dropped"]);
const replayForm = z.object({ version: z.string().max(200), approve: z.literal("1").optional() });
const dropForm = z.object({
  version: z.string().max(200),
  reason: z.string().trim().min(1).max(200),
});

const PATH = "/intake/edge/items/:shop/:n";
const targetOf = ({ shop, n }: Pick<EdgeItem, "shop" | "n">): string => `item/${shop}/${n}`;
const pathOf = ({ shop, n }: Pick<EdgeItem, "shop" | "n">): string => `/intake/edge/items/${shop}/${n}`; // prettier-ignore

export function edgeItemRoutes(routes: Hono<ConsoleEnv>, deps: IntakeRoutesDeps): void {
  const { storage, desk, nowMs } = deps;

  routes.get(PATH, permit("intake.read"), async (c) => {
    const item = await readItem(desk, c);
    if (!item) return away(c);
    const done = doneSchema.safeParse(c.req.query("done"));
    const outcome = done.success ? outcomeOf(done.data, item) : null;
    return show(c, desk, { item, outcome, isRevealed: false });
  });

  routes.post(
    `${PATH}/reveal`,
    permit("intake.read"),
    permit("customers.reveal"),
    limited(),
    async (c) => {
      const item = await readItem(desk, c);
      if (!item) return away(c);
      await storage.write([
        auditStatement({
          atMs: nowMs(),
          by: c.get("person").id,
          action: "customers.reveal",
          target: targetOf(item),
        }),
      ]);
      return show(c, desk, { item, outcome: null, isRevealed: true });
    },
  );

  routes.post(`${PATH}/replay`, permit("intake.replay"), limited(), async (c) => {
    const { version, approve } = parseRequest(replayForm, await c.req.parseBody());
    const item = await readItem(desk, c);
    if (!item) return away(c);
    if (versionOfItem(item) !== version) return meanwhile(c, storage, desk, item);
    await storage.write([workStatement(c, item, nowMs(), { replay: 1, code: item.code })]);
    const approval = approve === "1" ? { approve: true } : {};
    const answer = await desk.replay({ item: `${item.shop}/${item.n}`, ...approval }).catch(orAway);
    const after = answer && (await desk.item(item.shop, item.n).catch(orAway));
    if (!answer || !after) return away(c);
    const done = after.state !== "failed" ? "replayed" : answer.setAside > 0 ? "aside" : after.code === item.code ? "again" : "other"; // prettier-ignore
    return c.redirect(`${pathOf(item)}?done=${done}`, 303);
  });

  routes.post(`${PATH}/drop`, permit("intake.replay"), limited(), async (c) => {
    const { version, reason } = parseRequest(dropForm, await c.req.parseBody());
    const item = await readItem(desk, c);
    if (!item) return away(c);
    if (versionOfItem(item) !== version) return meanwhile(c, storage, desk, item);
    await storage.write([workStatement(c, item, nowMs(), { drop: 1, code: item.code })]);
    const answer = await desk.drop(`${item.shop}/${item.n}`, reason).catch((error: unknown) => {
      if (error instanceof EdgeAway) return "away";
      throw error;
    });
    if (answer === "away") return away(c);
    if (answer === null) return meanwhile(c, storage, desk, item);
    return c.redirect(`${pathOf(item)}?done=dropped`, 303);
  });
}

const workStatement = (
  c: Context<ConsoleEnv>,
  item: EdgeItem,
  atMs: number,
  detail: Readonly<Record<string, string | number | null>>,
) =>
  auditStatement({
    atMs,
    by: c.get("person").id,
    action: "intake.replay",
    target: targetOf(item),
    detail,
  });

/** Null where the edge is away. */
async function readItem(desk: EdgeDesk, c: Context<ConsoleEnv>): Promise<EdgeItem | null> {
  const name = nameSchema.safeParse(c.req.param());
  if (!name.success) throw new Refused("not_found");
  const { shop, n } = name.data;
  const item = await desk.item(shop, n).catch((error: unknown) => {
    if (error instanceof EdgeAway) return "away" as const;
    throw error;
  });
  if (item === "away") return null;
  if (!item) throw new Refused("not_found");
  return item;
}

interface Shown {
  readonly item: EdgeItem;
  readonly outcome: Outcome | null;
  readonly isRevealed: boolean;
}

async function show(
  c: Context<ConsoleEnv>,
  desk: EdgeDesk,
  { item, outcome, isRevealed }: Shown,
  status: 200 | 409 = 200,
) {
  const account = await desk.account(item.account).catch(orAway);
  const body = item.body === null ? null : textOfBase64(item.body);
  return c.html(
    <EdgeItemPage
      page={pageOf(c)}
      item={item}
      account={account}
      body={body}
      isRevealed={isRevealed}
      outcome={outcome}
    />,
    status,
  );
}

/** Somebody or something else was quicker: nothing is done, and it is said who and what. */
async function meanwhile(c: Context<ConsoleEnv>, storage: Storage, desk: EdgeDesk, item: EdgeItem) {
  const last = await lastWorked(storage, "intake.replay", targetOf(item));
  const who = last
    ? `${last.by} has worked on this item on ${formatTime(last.atMs, null)} UTC`
    : "This item was tried again meanwhile";
  const now = item.code === null ? stateWords(item.state) : `${edgeMeaning(item.code).means}.`;
  const words = `${who}, so nothing was done now. As it stands: ${now}`;
  return show(c, desk, { item, outcome: { tone: "waiting", words }, isRevealed: false }, 409);
}

function outcomeOf(done: z.infer<typeof doneSchema>, item: EdgeItem): Outcome {
  const now = item.code === null ? "" : edgeMeaning(item.code).means;
  switch (done) {
    case "replayed":
      return { tone: "good", words: `It was read anew. ${stateWords(item.state)}` };
    case "again":
      return { tone: "bad", words: `It was read anew and failed again, for the same reason: ${now}. Nothing else was changed.` }; // prettier-ignore
    case "other":
      return { tone: "bad", words: `It was read anew. What failed before is mended, but it fails now for another reason: ${now}. Nothing else was changed.` }; // prettier-ignore
    case "aside":
      return { tone: "waiting", words: "It is a row of an imported file, which only the import can read. Mend the row, import the file again, and drop this one." }; // prettier-ignore
    case "dropped":
      return { tone: "good", words: "It was dropped: nothing of it stays but its name and the reason." }; // prettier-ignore
  }
}
