/** Which groups of a profile an answer shows: those that the table grants, or of them those that were asked for (SEC4). */
import { type Problem, problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import { z } from "zod";
import type { FieldGroup } from "@regulars/shared/access/actions";
import { nameOf, VIEW_GROUPS } from "./groups.ts";

/** Names that a caller may ask for: what is masked has no name of its own. */
export const FIELD_NAMES = [...new Set(VIEW_GROUPS.map((group) => nameOf(group)))];
export const fieldNamesSchema = z.array(z.enum(FIELD_NAMES)).min(1).max(FIELD_NAMES.length);

export interface Selection {
  readonly groups: ReadonlySet<FieldGroup>;
  readonly lineage: boolean;
}

export interface Wish {
  /** None: all that is granted. */
  readonly fields?: readonly string[] | undefined;
  readonly lineage?: boolean | undefined;
}

type Selected = Result<Selection, Problem>;

/** What most ask for, by what is granted: all of it. */
const wholes = new WeakMap<ReadonlySet<FieldGroup>, Selected>();

export function selectGroups(granted: ReadonlySet<FieldGroup>, wish: Wish): Selected {
  if (wish.fields !== undefined || wish.lineage === true) return select(granted, wish);
  const whole = wholes.get(granted) ?? select(granted, wish);
  wholes.set(granted, whole);
  return whole;
}

function select(granted: ReadonlySet<FieldGroup>, { fields, lineage = false }: Wish): Selected {
  if (lineage && !granted.has("lineage")) return fail(refused("lineage"));
  const groups = new Set<FieldGroup>();
  if (granted.has("freshness")) groups.add("freshness");
  const shown = VIEW_GROUPS.filter((group) => isShown(granted, group));
  for (const name of new Set(fields ?? shown.map((group) => nameOf(group)))) {
    const group = shown.find((each) => nameOf(each) === name);
    if (!group) return fail(refused(name));
    groups.add(group);
  }
  return ok({ groups, lineage });
}

/** Whoever may see the contact as it is has no use for a masked one. */
const isShown = (granted: ReadonlySet<FieldGroup>, group: FieldGroup): boolean =>
  granted.has(group) && (group !== "contactMasked" || !granted.has("contact"));

const refused = (field: string): Problem =>
  problemOf("forbidden", { errors: [{ field, reason: "is not for this caller" }] });

/** `?fields=identity,contact&lineage=true`. */
export const readQuerySchema = z.object({
  fields: z
    .string()
    .max(200)
    .transform((text) => text.split(","))
    .pipe(fieldNamesSchema)
    .optional()
    .describe(`Groups of fields, separated by commas: ${FIELD_NAMES.join(", ")}.`),
  lineage: z
    .stringbool()
    .optional()
    .describe(
      "`true`: where each value is from, what else was said, who pinned it; for those who may.",
    ),
});
