/** Items as the lines that the edge takes, in batches that it can hold; and what became of them. */
import { z } from "zod";
import { classOf, wordsOf } from "@regulars/shared/connect/failure";
import { type Answer, type EdgeClient, refusalOf } from "./edge-client.ts";
import { type Item, placeOf, type Place } from "./item.ts";

/** Together well below what a call may bring: a batch that is lost on its way is sent again from its start. */
export const BATCH = { bytes: 1024 * 1024, lines: 1_000 } as const;
/** Of what cannot be used so much goes to the desk: enough to see what it is. */
const rawBytesMax = 256 * 1024;

export interface Line {
  readonly text: string;
  /** The desk's from the beginning. */
  readonly isFailed: boolean;
  /** Of the record in the file. */
  readonly place: Place;
}

/** `record` is which record of the file it is, counted from 1. */
export function linesOf(item: Item, record: number): Line[] {
  const { captures, failed } = item;
  const place = placeOf(item, record);
  const lines = captures.map((capture) => ({
    text: JSON.stringify(capture),
    isFailed: false,
    place,
  }));
  if (failed === undefined) return lines;
  const { key, failure, raw } = failed;
  const base64 = Buffer.from(raw.subarray(0, rawBytesMax)).toString("base64");
  return [
    ...lines,
    { text: JSON.stringify({ key, failed: failure, raw: base64 }), isFailed: true, place },
  ];
}

const answerSchema = z.object({
  accepted: z.int().min(0),
  duplicates: z.int().min(0),
  failed: z.array(z.object({ line: z.int(), code: z.string(), words: z.string() })),
});

export interface Sent {
  readonly accepted: number;
  readonly duplicates: number;
  /** What the edge could not use, and was thought good. */
  readonly refused: readonly { readonly words: string; readonly place: Place }[];
}

/** Sends all of the lines, in halves where they are too many for the edge. Throws a sentence when it refuses. */
export async function sendLines(
  client: EdgeClient,
  path: string,
  lines: readonly Line[],
): Promise<Sent> {
  const [only, ...more] = lines;
  if (only === undefined) return { accepted: 0, duplicates: 0, refused: [] };
  const answer = await client.post(path, lines.map(({ text }) => `${text}\n`).join(""));
  if (answer.status === 413) {
    if (more.length === 0)
      return { accepted: 0, duplicates: 0, refused: [{ ...TOO_LARGE, place: only.place }] };
    const half = Math.ceil(lines.length / 2);
    const first = await sendLines(client, path, lines.slice(0, half));
    return together(first, await sendLines(client, path, lines.slice(half)));
  }
  return readAnswer(answer, lines);
}

const TOO_LARGE = {
  words: `${wordsOf({ code: "too_large" })} (${classOf({ code: "too_large" })})`,
};

function readAnswer(answer: Answer, lines: readonly Line[]): Sent {
  if (answer.status !== 200 && answer.status !== 202) throw refusalOf(answer);
  const read = answerSchema.safeParse(answer.json);
  if (!read.success) throw refusalOf({ status: answer.status, json: undefined });
  const { accepted, duplicates, failed } = read.data;
  // Lines are counted from 1, as people count those of a file.
  const refused = failed.flatMap(({ line, words }) => {
    const sent = lines[line - 1];
    return sent === undefined || sent.isFailed ? [] : [{ words, place: sent.place }];
  });
  return { accepted, duplicates, refused };
}

const together = (a: Sent, b: Sent): Sent => ({
  accepted: a.accepted + b.accepted,
  duplicates: a.duplicates + b.duplicates,
  refused: [...a.refused, ...b.refused],
});
