/** The intake desk, as the person who sits at it asks. */
import { errorClassSchema, FAILURE_CODES } from "@regulars/shared/connect/failure";
import { expect } from "vitest";
import { z } from "zod";
import type { House } from "../house.ts";
import type { Shop } from "../shop.ts";

const itemSchema = z.looseObject({
  item: z.string(),
  account: z.string(),
  topic: z.string(),
  code: z.string(),
  class: z.string(),
  field: z.string().nullable(),
  words: z.string(),
});
export type DeskItem = z.infer<typeof itemSchema>;

const pageSchema = z.object({ items: z.array(itemSchema), cursor: z.string().nullable() });
const groupsSchema = z.object({
  groups: z.array(
    z.looseObject({
      account: z.string(),
      code: z.string(),
      items: z.int(),
      like: z.string(),
    }),
  ),
});
const replayedSchema = z.object({
  replayed: z.int(),
  kept: z.int(),
  more: z.boolean(),
  next: z.int().nullable().optional(),
});

export function openDesk(house: House, shop: Shop) {
  const token = house.secrets.centralToken;
  return {
    async failed(account: string): Promise<DeskItem[]> {
      const all: DeskItem[] = [];
      let cursor: string | null = null;
      do {
        const after = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const page: z.infer<typeof pageSchema> = await shop.get(
          `/v1/intake/failed?account=${account}${after}`,
          token,
          pageSchema,
        );
        all.push(...page.items);
        ({ cursor } = page);
      } while (cursor !== null);
      return all;
    },
    async groups(account: string) {
      const { groups } = await shop.get("/v1/intake/groups", token, groupsSchema);
      return groups.filter((group) => group.account === account);
    },
    async replay(ask: { readonly item: string } | { readonly like: string }) {
      const response = await shop.send("/v1/intake/replay", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(ask),
      });
      return replayedSchema.parse(await response.json());
    },
  };
}
export type Desk = ReturnType<typeof openDesk>;

/** How many items of each code. */
export function codesOf(items: readonly { readonly code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of items) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** A class, a code, and one sentence without anything of what was sent. */
export function expectUnderstood(item: DeskItem): void {
  expect(errorClassSchema.options).toContain(item.class);
  expect(FAILURE_CODES).toContain(item.code);
  expect(item.words).toMatch(/^[A-Z][^"{}@<>]{10,300}\.$/);
}
