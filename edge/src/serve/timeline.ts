/**
 * `GET /v1/customers/:id/timeline`: newest first. What the profile remembers is answered from the profile; what is older is
 * asked of the centre, and when that is away, the answer says that it is not complete.
 */
import { LIMITS } from "@regulars/shared/limits";
import { problemOf, zodErrorToProblem } from "@regulars/shared/problem";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import {
  compareItems,
  isBefore,
  placeOf,
  type TimelineItem,
  type TimelinePage,
  type TimelinePlace,
  timelinePlaceSchema,
} from "@regulars/shared/timeline/entry";
import type { Context } from "hono";
import { z } from "zod";
import type { PermittedEnv } from "../access/permit.ts";
import { readCentralTimeline } from "../central.ts";
import { problemResponse } from "../problem-response.ts";
import { findCustomer } from "./find.ts";
import { shownEntry } from "./shown-entry.ts";
import { type RememberedTimeline, rememberedOf } from "./timeline-of-profile.ts";

/** Opaque to callers: the place of the last entry that they have. */
const cursorSchema = z
  .string()
  .max(600)
  .transform((text, context): TimelinePlace => {
    const place = timelinePlaceSchema.safeParse(readCursor(text));
    if (place.success) return place.data;
    context.addIssue({ code: "custom", message: "is not a cursor of this timeline" });
    return z.NEVER;
  });

export const timelineQuerySchema = z.object({
  cursor: cursorSchema.optional().describe("`next` of the page before."),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMITS.timelineRows)
    .default(20)
    .describe("Entries on a page."),
});

export async function readTimeline(
  context: Context<PermittedEnv>,
  asked: string,
): Promise<Response> {
  const query = timelineQuerySchema.safeParse(context.req.query());
  if (!query.success) return problemResponse(zodErrorToProblem(query.error));
  const { cursor: before = null, limit } = query.data;
  const { env } = context;
  const found = await findCustomer(env, context.get("caller"), asked, () => ({ withJson: true }));
  if (!found || found.view.json === null) return problemResponse(problemOf("unknown_customer"));
  const { customer, redirectedFrom, view } = found;
  const remembered = rememberedOf(profileSchema.parse(JSON.parse(found.view.json)));
  const page = await pageOf(remembered, { before, limit }, (place, rows) =>
    readCentralTimeline(env, customer, place, rows),
  );
  const last = page.items.at(-1);
  const fields = context.get("fields");
  return Response.json(
    {
      customer,
      redirectedFrom,
      version: view.version,
      entries: page.items.flatMap(({ entry }) => shownEntry(entry, fields) ?? []),
      next: page.more && last ? cursorOf(placeOf(last)) : null,
      // What is on its way to the centre may be remembered by neither side for a moment.
      complete: page.isComplete && !(page.isFromCentre && view.isPending),
    },
    { headers: { "cache-control": "private, no-store" } },
  );
}

type AskCentre = (before: TimelinePlace, limit: number) => Promise<TimelinePage | null>;

export interface Page {
  readonly items: readonly TimelineItem[];
  readonly more: boolean;
  readonly isComplete: boolean;
  readonly isFromCentre: boolean;
}

/** An entry that has come between two pages is newer than both: no page repeats another one's, and none is left out. */
export async function pageOf(
  { items, horizon }: RememberedTimeline,
  { before, limit }: { readonly before: TimelinePlace | null; readonly limit: number },
  askCentre: AskCentre,
): Promise<Page> {
  const older = before ? items.filter((item) => isBefore(item, before)) : items;
  if (horizon === null) {
    const own = older.slice(0, limit);
    return { items: own, more: older.length > limit, isComplete: true, isFromCentre: false };
  }
  const near = older.filter((item) => !isBefore(item, horizon)).slice(0, limit);
  if (near.length === limit) {
    return { items: near, more: true, isComplete: true, isFromCentre: false };
  }
  const from = before && isEarlier(before, horizon) ? before : horizon;
  const page = await askCentre(from, limit - near.length);
  const known = new Set(items.map(({ entry }) => entry.event));
  const far = [
    ...older.filter((item) => isBefore(item, horizon)),
    // The profile's own word stands: it may know that a receipt was voided, or that a clock was ahead.
    ...(page?.items ?? []).filter(({ entry }) => !known.has(entry.event)),
  ].toSorted(compareItems);
  // Beyond the end of the centre's page there may be others of the centre's.
  const end = page?.more ? page.items.at(-1) : undefined;
  const sure = end ? far.filter((item) => !isBefore(item, placeOf(end))) : far;
  const rest = sure.slice(0, limit - near.length);
  return {
    items: [...near, ...rest],
    // Also while the centre is away: whoever asks on from here finds it when it is back.
    more: (page?.more ?? true) || sure.length > rest.length || far.length > sure.length,
    isComplete: page !== null,
    isFromCentre: true,
  };
}

const isEarlier = (a: TimelinePlace, b: TimelinePlace): boolean =>
  a.stamp === b.stamp ? a.event < b.event : a.stamp < b.stamp;

const cursorOf = ({ stamp, event }: TimelinePlace): string =>
  btoa(`${stamp} ${event}`).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readCursor(text: string): unknown {
  try {
    const [stamp, event] = atob(text.replaceAll("-", "+").replaceAll("_", "/")).split(" ");
    return { stamp, event };
  } catch {
    return null; // not base64
  }
}
