/**
 * What a shard answers to whoever reads a view, as one text: the platform keeps a call open for an object that it has brought,
 * until that is collected, and not for a text.
 */
import type { StoredView, ViewAnswer } from "./read.ts";

const WHOLE = "{";

/** `version.golden`, `p` where something is pending, and the view from the next line on; anything else as JSON. */
export function textOfView(answer: ViewAnswer): string | null {
  if (answer === null) return null;
  if ("redirect" in answer || answer.json !== null) return JSON.stringify(answer);
  const { version, golden, isPending, view } = answer;
  return `${version}.${golden}${isPending ? "p" : ""}${view === null ? "" : `\n${view}`}`;
}

/** Of a text of this build or its neighbour, which are one Worker. */
export function viewOfText(text: string | null): ViewAnswer {
  if (text === null) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by textOfView
  if (text.startsWith(WHOLE)) return JSON.parse(text) as StoredView | { redirect: string };
  const end = text.indexOf("\n");
  const state = end === -1 ? text : text.slice(0, end);
  const isPending = state.endsWith("p");
  const dot = state.indexOf(".");
  return {
    version: Number(state.slice(0, dot)),
    golden: Number(state.slice(dot + 1, isPending ? -1 : undefined)),
    isPending,
    view: end === -1 ? null : text.slice(end + 1),
    json: null,
  };
}
