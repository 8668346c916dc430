/** @jsxImportSource hono/jsx */
// One item that is set aside at the centre: shown, revealed, read anew.
import type { Context, Hono } from "hono";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { parseName, readHereItem, type ShownHere } from "../../desk/here.ts";
import { lastWorked } from "../../desk/jobs.ts";
import { Refused } from "../../problem-answer.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { formatTime } from "../format.ts";
import { HereItemPage, type Outcome } from "./item-page.tsx";
import { type IntakeRoutesDeps, limited, orAway } from "./answers.tsx";
import { hereMeaning } from "./words.ts";

const PATHS = ["/intake/here/:name{event/[^/]+/[^/]+/[^/]+}", "/intake/here/:name{letter/[^/]+}"];

export function hereItemRoutes(routes: Hono<ConsoleEnv>, deps: IntakeRoutesDeps): void {
  const { storage, nowMs } = deps;
  for (const path of PATHS) {
    routes.get(path, permit("intake.read"), async (c) => {
      const name = nameOf(c);
      const item = await readHereItem(storage, name);
      const outcome = outcomeOf(c.req.query("done"), item);
      return c.html(<HereItemPage page={pageOf(c)} item={item} name={name} isRevealed={false} outcome={outcome} />); // prettier-ignore
    });

    routes.post(
      `${path}/reveal`,
      permit("intake.read"),
      permit("customers.reveal"),
      limited(),
      async (c) => {
        const name = nameOf(c);
        const item = await readHereItem(storage, name);
        if (item) await storage.write([auditOf(c, "customers.reveal", name, nowMs())]);
        return c.html(<HereItemPage page={pageOf(c)} item={item} name={name} isRevealed={true} outcome={null} />); // prettier-ignore
      },
    );

    routes.post(`${path}/replay`, permit("intake.replay"), limited(), async (c) => {
      const name = nameOf(c);
      const item = await readHereItem(storage, name);
      if (!item) {
        const last = await lastWorked(storage, "intake.replay", name);
        const words = last
          ? `${last.by} has replayed it on ${formatTime(last.atMs, null)} UTC, so nothing was done now.`
          : "It has taken effect meanwhile, so nothing was done now.";
        const outcome = { tone: "waiting", words } as const;
        return c.html(<HereItemPage page={pageOf(c)} item={null} name={name} isRevealed={false} outcome={outcome} />, 409); // prettier-ignore
      }
      await storage.write([auditOf(c, "intake.replay", name, nowMs())]);
      const done = await replayOne(deps, item);
      return c.redirect(`/intake/here/${name}?done=${done}`, 303);
    });
  }
}

/** At the edge first, whose part of it arrives by itself; an edge that is away does not keep the centre from its own. */
async function replayOne(
  { desk, intake, storage }: IntakeRoutesDeps,
  item: ShownHere,
): Promise<"replayed" | "kept" | "away"> {
  // prettier-ignore
  const { source, epoch } = item;
  const isRow = /^\d+$/.test(item.item);
  const ask = isRow ? { source, epoch, seq: Number(item.item) } : { source, epoch };
  const isEvent = item.name.startsWith("event/");
  const edge = isEvent ? await desk.replayQuarantine(ask).catch(orAway) : true;
  await intake.replay(isEvent ? ask : { ...ask, after: "letter/0" }, item.code);
  if (!(await readHereItem(storage, item.name))) return "replayed";
  return edge === null ? "away" : "kept";
}

function nameOf(c: Context<ConsoleEnv>): string {
  const name = c.req.param("name") ?? "";
  if (!parseName(name)) throw new Refused("not_found");
  return name;
}

const auditOf = (
  c: Context<ConsoleEnv>,
  action: "intake.replay" | "customers.reveal",
  target: string,
  atMs: number,
) => auditStatement({ atMs, by: c.get("person").id, action, target });

function outcomeOf(done: string | undefined, item: ShownHere | null): Outcome | null {
  if (!item) return done === "replayed" ? { tone: "good", words: "It was read anew and has taken effect." } : null; // prettier-ignore
  if (done === "kept") {
    return { tone: "bad", words: `It was read anew and is still set aside: ${hereMeaning(item.code).means}. Nothing was changed.` }; // prettier-ignore
  }
  if (done === "away") {
    return { tone: "bad", words: "The edge cannot be reached, and it is set aside there as well. Nothing was changed; try again in a while." }; // prettier-ignore
  }
  return null;
}
