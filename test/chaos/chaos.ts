/**
 * The whole system as real processes with real files, and everything that may happen to them.
 *
 * npm run -s chaos -- [--minutes 5] [--seed S] [--tills 4] [--every 150] [--faults kill_till,network]
 *
 * Tills sell, and print each receipt into a plain file outside of the system, while processes are killed and frozen,
 * links lose and bend what passes, databases are locked, clocks are wrong, and tills come back from backups or are
 * copied. Then all that ends, and the file is compared with the journals, the centre and the profiles. Prints one JSON
 * line; exits with 1 when anything was lost, doubled, stuck or not noticed, and keeps the folder.
 */
import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ROOT } from "../../local/system/programs.ts";
import { openSecrets } from "../../local/system/secrets.ts";
import { namesOf, numberOf, readOptions } from "../command-options.ts";
import { createRandom } from "../simulate/random.ts";
import { type Counts, drawFault, FAULT_NAMES, FAULTS } from "./faults.ts";
import { openReceipts } from "./receipts.ts";
import { surroundingsOf, untilQuiet } from "./stuck.ts";
import { openTown } from "./town.ts";
import { judge } from "./verdict.ts";

const values = readOptions({
  minutes: { type: "string", default: "5" },
  seed: { type: "string", default: String(randomInt(1_000_000_000)) },
  tills: { type: "string", default: "4" },
  every: { type: "string", default: "150" },
  port: { type: "string", default: "27000" },
  faults: { type: "string", default: FAULT_NAMES.join(",") },
});
const minutes = numberOf("minutes", values.minutes, { share: true });
const everyMs = numberOf("every", values.every);
const firstPort = numberOf("port", values.port);
const faults = namesOf("faults", values.faults, FAULT_NAMES);
const tillCount = numberOf("tills", values.tills);
/** Faults overlap: this many are under way at a time. */
const AT_ONCE = 2;
/** None of those that were asked for is possible now. */
const AGAIN_MS = 500;

const folder = join(ROOT, ".regulars", `chaos-${values.seed}`);
rmSync(folder, { recursive: true, force: true });
const receipts = openReceipts(`${folder}.receipts`);
rmSync(`${folder}.receipts`, { force: true });
const secrets = await openSecrets(folder);
process.stderr.write(`seed ${values.seed}, folder ${folder}\n`);

const town = await openTown({
  folder,
  seed: values.seed,
  secrets,
  receipts,
  everyMs,
  firstPort,
  tills: Array.from({ length: tillCount }, (_, at) => ({
    name: `till-${at + 1}`,
    source: `till-${at + 1}`,
    store: `store-${(at % 2) + 1}`,
  })),
});
const counts: Counts = { kills: 0, restores: 0, clones: 0, planted: [], byKind: {} };
const untilMs = Date.now() + minutes * 60_000;

/** Machines that somebody is busy with are left alone by the others. */
const random = createRandom(`${values.seed}/faults`);
let exclusive: Promise<void> = Promise.resolve();

async function trouble(): Promise<void> {
  while (Date.now() < untilMs) {
    const name = drawFault(town, random, counts, faults);
    if (name === null) {
      await wait(AGAIN_MS);
      continue;
    }
    counts.byKind[name] = (counts.byKind[name] ?? 0) + 1;
    process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${name}\n`);
    const strike = (): Promise<void> => FAULTS[name].strike(town, random, counts);
    // Two that start and stop processes would be in each other's way.
    if (name === "network" || name === "locked_database" || name === "freeze") await strike();
    else {
      exclusive = exclusive.then(strike);
      await exclusive;
    }
    await wait(random.int(100, 1_500));
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, () => trouble()));

for (const { link } of town.tills) link.setTrouble(null);
for (const link of town.links) link.setTrouble(null);
for (const { disk } of town.smallDisks) disk.free();
for (const { pos } of town.tills) await pos.stop();
const stuck = await untilQuiet(town);
const surroundings = stuck.length > 0 ? await surroundingsOf(town) : [];
const verdict = await judge(town, receipts.read(), counts);
await town.stop();
const { kills, restores, clones, byKind } = counts;
const found = [...verdict.found, ...stuck.map((what) => `stuck: ${what}`), ...surroundings];
const isSound =
  stuck.length === 0 &&
  verdict.lost === 0 &&
  verdict.doubled === 0 &&
  verdict.wrongProfiles === 0 &&
  verdict.brokenJournals === 0 &&
  verdict.forksFound === verdict.forksPlanted;
process.stdout.write(
  `${JSON.stringify({ seed: values.seed, ...verdict, kills, restores, clones, stuck: stuck.length, found, faultsByKind: byKind, isSound })}\n`,
);
if (isSound) rmSync(folder, { recursive: true, force: true });
process.exit(isSound ? 0 : 1);
