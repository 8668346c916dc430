/** What of an entry of the timeline its reader may see. */
import { claimFieldSchema } from "@regulars/shared/events/claim";
import type { TimelineEntry } from "@regulars/shared/timeline/entry";
import type { FieldGroup } from "@regulars/shared/access/actions";
import { groupOfField } from "@regulars/shared/access/field-groups";

export function shownEntry(
  entry: TimelineEntry,
  granted: ReadonlySet<FieldGroup>,
): TimelineEntry | null {
  if (entry.kind === "claim") return shownClaim(entry, granted);
  return granted.has(GROUP_OF_KIND[entry.kind]) ? entry : null;
}

const GROUP_OF_KIND = {
  sale: "purchases",
  return: "purchases",
  void: "purchases",
  note: "notes",
  consent: "consents",
  behaviour: "behaviour",
  cart: "purchases",
  order: "purchases",
  loyalty: "loyalty",
} as const satisfies Record<Exclude<TimelineEntry["kind"], "claim">, FieldGroup>;

function shownClaim(
  claim: Extract<TimelineEntry, { kind: "claim" }>,
  granted: ReadonlySet<FieldGroup>,
): TimelineEntry | null {
  const fields = claim.fields.filter((name) => {
    const field = claimFieldSchema.safeParse(name);
    return field.success && isGranted(groupOfField(field.data), granted);
  });
  const traits = granted.has("traits") ? claim.traits : [];
  return fields.length + traits.length > 0 ? { ...claim, fields, traits } : null;
}

/** That somebody has said an e-mail is no more than a masked one tells. */
const isGranted = (group: FieldGroup, granted: ReadonlySet<FieldGroup>): boolean =>
  granted.has(group) || (group === "contact" && granted.has("contactMasked"));
