/** A replay from its options to its report: the order of things, with the parts in the files beside this one. */
import { CommandFailure } from "../command.ts";
import { BrokenInput, type Invoice } from "../formats/invoice.ts";
import { type Format, FORMATS } from "../formats/formats.ts";
import { openText } from "../formats/read-text.ts";
import { createProgress, type Progress } from "../progress.ts";
import { createInterrupt, Interrupted } from "../system/interrupt.ts";
import { createMemoryMeter } from "../system/memory.ts";
import { openSecrets } from "../system/secrets.ts";
import { withSystem } from "../system/with-system.ts";
import { type Options, readOptions } from "./options.ts";
import { planReplay } from "./plan.ts";
import { isGood, type Report, reportOf } from "./report.ts";
import { openRunFolder, type RunFolder } from "./run-folder.ts";
import { runReplay } from "./run-replay.ts";

const memoryEveryMs = 1_000;

export async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const format = FORMATS[options.format];
  if (!format) throw new Error("the options know the formats");
  const invoices = await readAhead(format, options.input);
  const folder = await openRunFolder(options);
  const interrupt = createInterrupt();
  const progress = createProgress(process.stderr);
  try {
    const { report, broken } = await replay({
      options,
      format,
      invoices,
      folder,
      interrupt,
      progress,
    });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    folder.finish();
    if (broken)
      throw new CommandFailure(
        `${broken.message}; the ${report.captured} invoices before it are kept.`,
      );
    return isGood(report) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write("The replay was interrupted; the same command goes on with it.\n");
    return error.exitCode;
  } finally {
    progress.stop();
    folder.claim.release();
  }
}

/** A file that breaks off before its first invoice is told before anything is started for it. */
async function readAhead(format: Format, input: string): Promise<AsyncGenerator<Invoice>> {
  const text = await openText(input);
  const invoices = format.read(text);
  try {
    const first = await invoices.next();
    if (first.done) throw new BrokenInput(`${text.name} holds no invoices`);
    return startingWith(first.value, invoices);
  } catch (error) {
    if (!(error instanceof BrokenInput)) throw error;
    throw new CommandFailure(`${error.message}; nothing was captured.`, { cause: error });
  }
}

async function* startingWith<Entry>(first: Entry, rest: AsyncGenerator<Entry>) {
  yield first;
  yield* rest;
}

interface Replay {
  readonly options: Options;
  readonly format: Format;
  readonly invoices: AsyncIterable<Invoice>;
  readonly folder: RunFolder;
  readonly interrupt: AbortController;
  readonly progress: Progress;
}

async function replay(the: Replay): Promise<{ report: Report; broken: BrokenInput | null }> {
  const { options, folder, interrupt, progress } = the;
  const restarts: Record<string, number> = { agent: 0, edge: 0, centre: 0 };
  const plan = await planReplay(options, the.format, folder.path);
  const surroundings = {
    claim: folder.claim,
    interrupt,
    say: (line: string) => progress.say(line),
    onRestart: (kind: string) => {
      restarts[kind] = (restarts[kind] ?? 0) + 1;
    },
  };
  return withSystem(plan, await openSecrets(folder.path), surroundings, async (system) => {
    const memory = createMemoryMeter(() => system.groups());
    const meter = setInterval(() => memory.sample(), memoryEveryMs);
    try {
      const { invoices } = the;
      const { signal } = interrupt;
      const run = { options, invoices, system, folder: folder.path, progress, signal };
      const { broken, ...outcome } = await runReplay(run);
      memory.sample();
      const peakMemoryMb = memory.peaksMb();
      const report = reportOf({ ...outcome, resumed: folder.isResumed, restarts, peakMemoryMb });
      return { report, broken };
    } finally {
      clearInterval(meter);
    }
  });
}
