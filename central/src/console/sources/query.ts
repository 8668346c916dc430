/** What the address of Sources says. */
import { sourceIdSchema } from "@regulars/shared/ids";
import { z } from "zod";
import { isTroubled } from "./health.ts";
import type { Source } from "./read-sources.ts";

export const SHOWN = ["all", "trouble", "tills", "connectors"] as const;
export type Shown = (typeof SHOWN)[number];

export const sourcesQuery = z.object({
  show: z.enum(SHOWN).default("all"),
  find: z.string().max(64).default(""),
  from: z.coerce.number().int().min(0).default(0),
  /** A till that was just shut out. */
  revoked: sourceIdSchema.optional(),
  csv: z.enum(["sources"]).optional(),
});
export type SourcesQuery = z.infer<typeof sourcesQuery>;

export function shownOf(shown: Shown): (source: Source) => boolean {
  switch (shown) {
    case "all":
      return () => true;
    case "trouble":
      return isTroubled;
    case "tills":
      return ({ kind }) => kind === "till";
    case "connectors":
      return ({ kind }) => kind !== null && kind !== "till";
  }
}

export function sourcesHref(query: SourcesQuery, change: Partial<SourcesQuery>): string {
  const { show, find, from, csv } = { ...query, ...change };
  const parameters = new URLSearchParams({
    ...(show === "all" ? {} : { show }),
    ...(find === "" ? {} : { find }),
    ...(from === 0 ? {} : { from: String(from) }),
    ...(csv === undefined ? {} : { csv }),
  });
  return parameters.size === 0 ? "/sources" : `/sources?${parameters.toString()}`;
}
