/** A POSLog to items: a transaction each. */
import { basename } from "node:path";
import { wordsOf } from "@regulars/shared/connect/failure";
import type { MapAccount } from "@regulars/shared/connect/mapper";
import { readPoslog } from "@regulars/shared/connect/poslog/poslog";
import { textOfXml } from "@regulars/shared/connect/poslog/xml";
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
  const texts = transactionTexts(bytes, length);
  for (const [at, outcome] of outcomes.value.entries()) {
    const position = (at + 1) / length;
    if ("capture" in outcome) yield { captures: [outcome.capture], position };
    else if ("skipped" in outcome) yield { captures: [], skipped: outcome.skipped, position };
    else {
      const key = outcome.key ?? `poslog:${digest}#${at + 1}`;
      const text = texts[at] ?? JSON.stringify({ file: digest, transaction: at + 1 });
      const raw = new TextEncoder().encode(text);
      yield { captures: [], failed: { key, failure: outcome.failed, raw }, position };
    }
  }
}

/** Each transaction as it stands in the log, for the desk. None where they cannot be told apart by their tags alone. */
function transactionTexts(bytes: Uint8Array, count: number): readonly string[] {
  const text = textOfXml(bytes) ?? "";
  const found =
    text.match(/<((?:[\w.-]+:)?)Transaction(?=[\s>])[\s\S]*?<\/\1Transaction\s*>/g) ?? [];
  return found.length === count ? found : [];
}
