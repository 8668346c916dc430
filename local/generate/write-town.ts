/** A labelled town as three files: the records as a resolver may see them, the truth beside them, and what they are. */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { digits } from "../town/letters.ts";
import { type About, createTally } from "./about.ts";
import { CASES } from "./cases.ts";
import { createRecords } from "./records.ts";
import { createShuffledLines } from "./shuffled-lines.ts";
import { FIELDS } from "./source-record.ts";
import { createLabelledTown } from "./town.ts";

export const FILES = ["records.csv", "truth.csv", "about.json"] as const;

export function writeTown(folder: string, given: { seed: number; customers: number }): About {
  const town = createLabelledTown(given.seed, given.customers);
  const lines = createShuffledLines();
  const truth: { customer: number; household: number; mainCase: number }[] = [];
  const tally = createTally();
  for (const { customer, channel, fields, mainCase } of createRecords(town)) {
    const { id, household } = customer;
    tally.count({ customer: id, household, channel, mainCase });
    lines.add(`${FIELDS.map((field) => cellOf(fields[field])).join(",")}\n`);
    truth.push({ customer: id, household, mainCase: CASES.indexOf(mainCase) });
  }
  const about = tally.about(given.seed);
  const records = openText(join(folder, "records.csv"));
  const labels = openText(join(folder, "truth.csv"));
  records.write(`record_id,${FIELDS.join(",")}\n`);
  labels.write("record_id,customer_id,household_id,case\n");
  let number = 0;
  for (const { at, line } of lines.shuffled(town.dice)) {
    const id = `r${digits(++number, 7)}`;
    const label = truth[at];
    if (!label) continue;
    records.write(`${id},`);
    records.write(line);
    labels.write(
      `${id},c${digits(label.customer, 7)},h${digits(label.household, 7)},${CASES[label.mainCase]}\n`,
    );
  }
  records.close();
  labels.close();
  writeFileSync(join(folder, "about.json"), `${JSON.stringify(about, null, 2)}\n`);
  return about;
}

const cellOf = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const bufferBytes = 1024 * 1024;

interface TextFile {
  write(text: string | Buffer): void;
  close(): void;
}

function openText(path: string): TextFile {
  const file = openSync(path, "wx");
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let used = 0;
  const flush = (): void => {
    for (let at = 0; at < used;) at += writeSync(file, buffer, at, used - at);
    used = 0;
  };
  return {
    write: (text) => {
      if (used + Buffer.byteLength(text) > bufferBytes) flush(); // a line is never near a buffer's size
      used += typeof text === "string" ? buffer.write(text, used) : text.copy(buffer, used);
    },
    close: () => {
      flush();
      closeSync(file);
    },
  };
}
