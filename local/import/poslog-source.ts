/** A POSLog to items: a transaction each. */
import { basename } from "node:path";
import { wordsOf } from "@regulars/shared/connect/failure";
import type { MapAccount } from "@regulars/shared/connect/mapper";
import { readPoslog } from "@regulars/shared/connect/poslog/poslog";
import { sha256Hex } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import { CommandFailure } from "../command.ts";
import type { Source } from "./item.ts";
import { readWhole } from "./whole-file.ts";

export async function* poslogSource(path: string, account: MapAccount): Source {
  const bytes = await readWhole(path, LIMITS.poslogBytes);
  const outcomes = readPoslog(bytes, account);
  if (!outcomes.ok) throw new CommandFailure(`${basename(path)}: ${wordsOf(outcomes.reason)}`);
  const digest = sha256Hex(bytes).slice(0, 16);
  const { length } = outcomes.value;
  for (const [at, outcome] of outcomes.value.entries()) {
    const position = (at + 1) / length;
    if ("capture" in outcome) yield { captures: [outcome.capture], position };
    else if ("skipped" in outcome) yield { captures: [], skipped: outcome.skipped, position };
    else {
      const key = outcome.key ?? `poslog:${digest}#${at + 1}`;
      // Its XML is not kept apart: the desk gets its name, and the place in a file that the sender has.
      const raw = new TextEncoder().encode(JSON.stringify({ transaction: at + 1, file: digest }));
      yield { captures: [], failed: { key, failure: outcome.failed, raw }, position };
    }
  }
}
