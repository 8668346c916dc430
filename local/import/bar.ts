/** How far an import is: a bar for a person, a line every few seconds for a log. */
import { Presets, SingleBar } from "cli-progress";
import type { Summary } from "./summary.ts";

export interface Bar {
  /** `position` is from 0 to 1. */
  show(position: number, summary: Summary): void;
  stop(): void;
}

const lineEveryMs = 5_000;

export function createBar(stream: NodeJS.WriteStream): Bar {
  if (!stream.isTTY) return createLines(stream);
  const format = "{bar} {percentage}% {records} records, {accepted} accepted, {failed} failed";
  const bar = new SingleBar({ stream, format, hideCursor: true }, Presets.shades_classic);
  bar.start(1_000, 0, { records: 0, accepted: 0, failed: 0 });
  return {
    show: (position, { records, accepted, failed }) =>
      bar.update(Math.round(position * 1_000), { records, accepted, failed }),
    stop: () => bar.stop(),
  };
}

function createLines(stream: NodeJS.WriteStream): Bar {
  let shownMs = Date.now();
  return {
    show(position, { records, accepted, failed }) {
      if (Date.now() - shownMs < lineEveryMs) return;
      shownMs = Date.now();
      const percent = Math.floor(position * 100);
      stream.write(`${percent}%: ${records} records, ${accepted} accepted, ${failed} failed\n`);
    },
    stop: () => undefined,
  };
}
