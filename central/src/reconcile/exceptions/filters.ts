/** What a list of exceptions is narrowed to; the same words stand in addresses of pages and of the API. */
import { storeIdSchema } from "@regulars/shared/ids";
import { z } from "zod";
import { EXCEPTION_KINDS, SEVERITIES } from "./read.ts";

/** `todo`: open or explained, so somebody has to do something; `all` is everything there ever was. */
export const LIST_STATES = ["todo", "open", "explained", "approved", "settled", "all"] as const;
export type ListState = (typeof LIST_STATES)[number];

/** A form sends what was left empty as empty text. */
const orNothing = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

export const filtersSchema = z.object({
  state: z.preprocess(
    (value) => (value === "" ? undefined : value),
    z.enum(LIST_STATES).default("todo"),
  ),
  severity: orNothing(z.enum(SEVERITIES)),
  kind: orNothing(z.enum(EXCEPTION_KINDS)),
  store: orNothing(storeIdSchema),
  day: orNothing(z.iso.date()),
  /** Id of a person, or `nobody`. */
  assignee: orNothing(z.string().max(64)),
});
export type Filters = z.infer<typeof filtersSchema>;
export const NOBODY = "nobody";

/** The filters as they stand in an address: what is not narrowed is not said. */
export function filterQuery(filters: Filters, more: Readonly<Record<string, string>> = {}): string {
  const { state, ...rest } = filters;
  const query = new URLSearchParams(state === "todo" ? {} : { state });
  for (const [name, value] of Object.entries({ ...rest, ...more })) {
    if (value !== undefined) query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** What is to do stands worst first, then oldest; all else newest first. */
export const isWork = ({ state }: Filters): boolean =>
  state === "todo" || state === "open" || state === "explained";
