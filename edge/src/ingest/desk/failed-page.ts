/** Failed items of several shops on one page, by priority; its cursor says where the next one begins in each. */
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";
import type { Env } from "../../environment.ts";
import type { FailedAsk, FailedItem } from "../../intake/desk.ts";
import { inTurns } from "../../objects.ts";
import { intakeOf } from "../../stubs.ts";

export type ListedItem = FailedItem & { readonly shop: string; readonly item: string };

const cursorSchema = z.object({
  /** Priorities grow with time: all pages are as of the first one. */
  atMs: z.int(),
  priority: z.int(),
  shop: z.string(),
  n: z.int(),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** Null where it is none of ours. */
export function readCursor(text: string): Cursor | null {
  try {
    return cursorSchema.safeParse(JSON.parse(atob(text))).data ?? null;
  } catch {
    return null; // not base64, or not JSON
  }
}

export const itemName = (shop: string, n: number): string => `${shop}/${n}`;

export async function failedPage(
  env: Env,
  shops: readonly string[],
  {
    cursor,
    nowMs,
    ...filter
  }: Pick<FailedAsk, "account" | "class" | "code"> & {
    readonly cursor: Cursor | null;
    readonly nowMs: number;
  },
): Promise<{ readonly items: readonly ListedItem[]; readonly cursor: string | null }> {
  const atMs = cursor?.atMs ?? nowMs;
  const max = LIMITS.intakePageRows;
  const pages = await inTurns(shops, async (shop) => {
    const after = cursor ? { priority: cursor.priority, n: afterIn(shop, cursor) } : undefined;
    const items = await intakeOf(env, shop).failed({ ...filter, after, atMs, max: max + 1 });
    return items.map((item): ListedItem => ({ ...item, shop, item: itemName(shop, item.n) }));
  });
  const sorted = pages.flat().toSorted(compare);
  const items = sorted.slice(0, max);
  const last = items.at(-1);
  const hasMore = sorted.length > max && last !== undefined;
  return { items, cursor: hasMore ? cursorAfter(last, atMs) : null };
}

function compare(a: ListedItem, b: ListedItem): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  return a.shop === b.shop ? a.n - b.n : a.shop < b.shop ? -1 : 1;
}

/** Of one priority, shops follow each other by name. */
function afterIn(shop: string, cursor: Cursor): number {
  if (shop === cursor.shop) return cursor.n;
  return shop < cursor.shop ? Number.MAX_SAFE_INTEGER : 0;
}

const cursorAfter = ({ priority, shop, n }: ListedItem, atMs: number): string =>
  btoa(JSON.stringify({ atMs, priority, shop, n } satisfies Cursor));
