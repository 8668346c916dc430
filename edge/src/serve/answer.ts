/** An answer about a customer, put together from stored text for whoever asks (EDG3). */
import type { CustomerId } from "@regulars/shared/ids";
import { type FieldGroup, FIELD_GROUPS } from "@regulars/shared/access/actions";
import { stateOf, type StoredView } from "../profile/read.ts";
import { asOfLine, profileJson, readLines, type ViewLines } from "./view.ts";

export interface Subject {
  readonly customer: CustomerId;
  /** The id asked for, where it is another one. */
  readonly redirectedFrom?: CustomerId | undefined;
  readonly view: StoredView;
}

export interface Answer extends Subject {
  readonly groups: ReadonlySet<FieldGroup>;
  /** As JSON, where it was asked for. */
  readonly lineage?: string | undefined;
}

/** JSON text. */
export function customerJson(answer: Answer): string {
  const { view, groups, lineage } = answer;
  const lines = readLines(view.view ?? "");
  const freshness = groups.has("freshness") ? `,"freshness":${freshnessJson(view, lines)}` : "";
  const more = lineage === undefined ? "" : `,"lineage":${lineage}`;
  return `{${headJson(answer)}${freshness},"profile":${profileJson(lines, groups)}${more}}`;
}

/** Who it is about, and in which version. Ids and versions need no escapes. */
export function headJson({ customer, redirectedFrom, view }: Subject): string {
  const from = redirectedFrom === undefined ? "" : `"redirectedFrom":"${redirectedFrom}",`;
  return `"customer":"${customer}",${from}"version":${view.version},"golden":${view.golden}`;
}

export const freshnessJson = ({ isPending }: StoredView, lines: ViewLines): string =>
  `{"asOf":${asOfLine(lines)},"pending":[${isPending ? '"golden"' : ""}]}`;

/** Names all that the answer depends on: who it is about, its state, and what of it is shown. */
export function entityTag({ customer, view, groups, lineage }: Answer): string {
  const shown = `${groupsTag(groups)}${lineage === undefined ? "" : "-lineage"}`;
  return `"${customer}.${stateOf(view)}.${shown}"`;
}

/** The state that one of the entity tags names, if it is of this customer and shows the same; else undefined. */
export function knownState(
  header: string | undefined,
  customer: CustomerId,
  shown: string,
): string | undefined {
  const prefix = `"${customer}.`;
  const suffix = `.${shown}"`;
  for (const tag of (header ?? "").split(",")) {
    const strong = tag.trim().replace(/^W\//, "");
    if (strong.startsWith(prefix) && strong.endsWith(suffix)) {
      return strong.slice(prefix.length, -suffix.length);
    }
  }
  return undefined;
}

const tags = new WeakMap<ReadonlySet<FieldGroup>, string>();

/** One bit for each group, so that two selections never share a tag. */
export function groupsTag(groups: ReadonlySet<FieldGroup>): string {
  const known = tags.get(groups);
  if (known !== undefined) return known;
  let bits = 0;
  for (const [at, group] of FIELD_GROUPS.entries()) if (groups.has(group)) bits |= 1 << at;
  const tag = bits.toString(36);
  tags.set(groups, tag);
  return tag;
}
