/** An answer about a customer, put together from stored text for whoever asks (EDG3). */
import type { CustomerId } from "@regulars/shared/ids";
import { type FieldGroup, FIELD_GROUPS } from "../access/actions.ts";
import { stateOf, type StoredView } from "../profile/read.ts";
import { asOfLine, profileJson, readLines } from "./view.ts";

export interface Answer {
  readonly customer: CustomerId;
  /** The id asked for, where it is another one. */
  readonly redirectedFrom?: CustomerId | undefined;
  readonly view: StoredView;
  readonly groups: ReadonlySet<FieldGroup>;
  /** As JSON, where it was asked for. */
  readonly lineage?: string | undefined;
}

/** JSON text; ids and versions need no escapes. */
export function customerJson({ customer, redirectedFrom, view, groups, lineage }: Answer): string {
  const lines = readLines(view.view ?? "");
  const from = redirectedFrom === undefined ? "" : `"redirectedFrom":"${redirectedFrom}",`;
  const head = `"customer":"${customer}",${from}"version":${view.version},"golden":${view.golden}`;
  const freshness = groups.has("freshness") ? `,"freshness":${freshnessJson(view, lines)}` : "";
  const more = lineage === undefined ? "" : `,"lineage":${lineage}`;
  return `{${head}${freshness},"profile":${profileJson(lines, groups)}${more}}`;
}

/** Of an answer that shows only a part of the profile. */
export function freshnessJson({ isPending }: StoredView, lines = readLines("")): string {
  return `{"asOf":${asOfLine(lines)},"pending":[${isPending ? '"golden"' : ""}]}`;
}

/** Names all that the answer depends on: who it is about, its state, and what of it is shown. */
export function entityTag({ customer, view, groups, lineage }: Answer): string {
  return `"${customer}.${stateOf(view)}.${groupsTag(groups)}${lineage === undefined ? "" : "l"}"`;
}

/** The state that an entity tag of the same customer and groups names; undefined where it names none. */
export function knownState(
  header: string | undefined,
  customer: CustomerId,
  groups: ReadonlySet<FieldGroup>,
): string | undefined {
  const prefix = `"${customer}.`;
  const suffix = `.${groupsTag(groups)}"`;
  for (const tag of (header ?? "").split(",")) {
    const strong = tag.trim().replace(/^W\//, "");
    if (strong.startsWith(prefix) && strong.endsWith(suffix)) {
      return strong.slice(prefix.length, -suffix.length);
    }
  }
  return undefined;
}

/** One bit for each group, so that two selections never share a tag. */
const groupsTag = (groups: ReadonlySet<FieldGroup>): string => {
  let bits = 0;
  for (const [at, group] of FIELD_GROUPS.entries()) if (groups.has(group)) bits |= 1 << at;
  return bits.toString(36);
};
