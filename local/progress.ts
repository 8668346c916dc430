/** The ack ladder on the terminal: live bars for a person, a line every few seconds for a log. */
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { type Ladder, RUNGS } from "./system/ladder.ts";

/** One group of bars, such as a store. */
export interface Row {
  readonly name: string;
  readonly ladder: Ladder;
  /** Events expected in the end; an estimate where the input's length is not known. */
  readonly total: number;
  readonly note?: string;
}

export interface Progress {
  show(rows: readonly Row[]): void;
  /** A line that stays. */
  say(line: string): void;
  stop(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? createBars(stream) : createLines(stream);
}

function createBars(stream: NodeJS.WriteStream): Progress {
  const bars = new MultiBar(
    {
      stream,
      hideCursor: true,
      clearOnComplete: false,
      format: "{name} {rung} {bar} {value}/{total} {note}",
      barsize: 30,
    },
    Presets.shades_classic,
  );
  const barByName = new Map<string, SingleBar>();
  return {
    show(rows) {
      const width = Math.max(...rows.map(({ name }) => name.length));
      for (const { name, ladder, total, note = "" } of rows) {
        for (const rung of RUNGS) {
          const payload = { name: name.padEnd(width), rung: rung.padEnd(8), note };
          const bar = barByName.get(`${name}/${rung}`) ?? bars.create(total, 0, payload);
          barByName.set(`${name}/${rung}`, bar);
          bar.setTotal(Math.max(total, ladder.captured));
          bar.update(ladder[rung], payload);
        }
      }
    },
    say: (line) => {
      if (bars.isActive) bars.log(`${line}\n`);
      else stream.write(`${line}\n`);
    },
    stop: () => {
      if (bars.isActive) bars.stop(); // a second time it would draw over what follows
    },
  };
}

const lineEveryMs = 5_000;

function createLines(stream: NodeJS.WriteStream): Progress {
  let shownMs = Date.now();
  let shown = "";
  return {
    show(rows) {
      if (Date.now() - shownMs < lineEveryMs) return;
      const line = rows.map(lineOf).join("; ");
      if (line === shown) return;
      shown = line;
      shownMs = Date.now();
      stream.write(`${line}\n`);
    },
    say: (line) => stream.write(`${line}\n`),
    stop: () => undefined,
  };
}

function lineOf({ name, ladder, note }: Row): string {
  const rungs = RUNGS.map((rung) => `${rung} ${ladder[rung]}`).join(", ");
  return `${name}${note ? ` (${note})` : ""}: ${rungs}`;
}
