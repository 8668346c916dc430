/** Words for what a steward has decided. */
import type { DecisionEntry } from "../../steward/list.ts";
import { formatCountOf } from "../format.ts";
import { fieldWords } from "../words.ts";

type Decision = Pick<DecisionEntry, "kind" | "a" | "b" | "field">;

export function decisionWords({ kind, a, b, field }: Decision): string {
  const records = new Set([...a, ...b]).size;
  switch (kind) {
    case "same":
      return `${formatCountOf(records, "source record")} called one person`;
    case "different":
      return `${formatCountOf(a.length, "source record")} kept apart from ${formatCountOf(b.length, "other")}`;
    case "pin":
      return `${fieldWords(field ?? "")} pinned`;
    case "ignore":
      return `A word on ${fieldWords(field ?? "").toLowerCase()} set aside`;
    default:
      return kind;
  }
}
