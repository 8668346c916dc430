/** The outbox to the edge: decisions wait here, from the write that took them until the edge has applied them. */
import { type Decision, decisionSchema } from "@regulars/shared/protocol/publish";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

export interface Publication {
  readonly n: number;
  readonly decision: Decision;
}

/** What a decision is about: all that it takes to find one that is waiting. */
type Subject =
  | { readonly kind: "redirect"; readonly from: string }
  | {
      readonly kind: "assign";
      readonly key: string;
      readonly from: string;
      /** Of the one fragment that it is about, where it is not about the whole key. */
      readonly source?: string | undefined;
      readonly epoch?: number | undefined;
    }
  | { readonly kind: "golden"; readonly customer: string }
  | { readonly kind: "mark"; readonly source: string; readonly epoch: number }
  | { readonly kind: "overrides"; readonly customer: string }
  | { readonly kind: "policy" };

/**
 * A newer decision about the same thing replaces the older one, under a new number: an answer about the older one
 * that is still on its way cannot take the newer for done.
 */
export function publishStatement(decision: Decision): Statement {
  return {
    sql: "insert or replace into publication (target, payload) values (?, ?)",
    args: [targetOf(decision), JSON.stringify(decision)],
  };
}

export function withdrawStatement(subject: Subject): Statement {
  return { sql: "delete from publication where target = ?", args: [targetOf(subject)] };
}

function targetOf(subject: Subject): string {
  switch (subject.kind) {
    case "redirect":
      return `redirect/${subject.from}`;
    case "assign": {
      const { key, from, source, epoch } = subject;
      const fragment = source === undefined ? "" : `/${source}/${epoch}`;
      return `assign/${key}/${from}${fragment}`;
    }
    case "golden":
      return `golden/${subject.customer}`;
    case "mark":
      return `mark/${subject.source}/${subject.epoch}`;
    case "overrides":
      return `overrides/${subject.customer}`;
    case "policy":
      return "policy";
  }
}

export async function nextPublications(storage: Storage): Promise<Publication[]> {
  const rows = await rowsOf(storage, "select n, payload from publication order by n limit ?", [
    LIMITS.publishItems,
  ]);
  return rows.map((row) => ({
    n: numberOf(row, "n"),
    decision: decisionSchema.parse(JSON.parse(textOf(row, "payload"))),
  }));
}

/** All up to `n`: numbers only grow, so none of these can be younger than what was sent. */
export async function forgetPublications(storage: Storage, n: number): Promise<void> {
  await storage.write([{ sql: "delete from publication where n <= ?", args: [n] }]);
}
