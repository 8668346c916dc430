/** What is done to the town while it sells: a table, drawn from a seed, so that a run can be had again. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "../simulate/random.ts";
import type { Part } from "./part.ts";
import { type Proxy, TROUBLES } from "./proxy.ts";
import { copyFolder, type Till, type Town } from "./town.ts";
import { openEpoch } from "./verdict.ts";

export interface Counts {
  kills: number;
  restores: number;
  clones: number;
  /** Journals with a second life, by till and by the epoch that both lives had. */
  readonly planted: { readonly source: string; readonly epoch: number }[];
  readonly byKind: Record<string, number>;
}

export interface Fault {
  readonly weight: number;
  strike(town: Town, random: Random, counts: Counts): Promise<void>;
}

const pickTill = (town: Town, random: Random): Till => random.pick(town.tills);

async function killAndStart(part: Part, random: Random, counts: Counts): Promise<void> {
  counts.kills += 1;
  await part.kill();
  await wait(random.int(0, 2_000));
  await part.start();
}

async function troubled(proxy: Proxy, random: Random): Promise<void> {
  proxy.setTrouble(random.pick(TROUBLES), random.pick([0.3, 1]));
  await wait(random.int(500, 8_000));
  proxy.setTrouble(null);
}

const ACCEPTED_WITHIN_MS = 30_000;

/** Nothing is left on its disk alone: what the disk has from here on, it may lose. */
async function untilAccepted({ pos }: Till): Promise<boolean> {
  const untilMs = Date.now() + ACCEPTED_WITHIN_MS;
  while (Date.now() < untilMs) {
    const status = await pos.client.status().catch(() => null);
    if (status && status.total.accepted === status.total.captured) return true;
    await wait(100);
  }
  return false;
}

/** The edge has let it in: only then is its key on its disk, and whatever is copied from there needs no code of its own. */
async function isLetIn({ pos }: Till): Promise<boolean> {
  const status = await pos.client.status().catch(() => null);
  return status !== null && status.total.accepted > 0;
}

/** The disk as it was, after more has been sold and sent: a backup that is put back. */
async function restore(town: Town, random: Random, counts: Counts): Promise<void> {
  const till = pickTill(town, random);
  if (!(await isLetIn(till))) return;
  const backup = join(town.folder, "backup", till.name);
  till.link.setTrouble(null);
  await till.pos.pause();
  await till.part.kill();
  copyFolder(till.folder, backup);
  const epoch = openEpoch(backup);
  await till.part.start();
  till.pos.resume();
  await wait(random.int(500, 3_000));
  await till.pos.pause();
  if (await untilAccepted(till)) {
    await till.part.kill();
    copyFolder(backup, till.folder, { keepMark: random.chance(0.3) });
    counts.restores += 1;
    counts.planted.push({ source: till.source, epoch });
    await till.part.start();
  }
  till.pos.resume();
}

/**
 * The disk in a second machine; both go on selling. Of a till that the edge has not let in yet there would be two with one code: it
 * lets in one, and whichever comes later says so (`bad_code`, `not_enrolled`). A copy for another store is enrolled there, and the
 * original, shut out, sells on by itself: see `untilQuiet`.
 */
async function clone(town: Town, random: Random, counts: Counts): Promise<void> {
  const till = pickTill(town, random);
  if (!(await isLetIn(till))) return;
  const name = `${till.name}-copy${counts.clones}`;
  await till.pos.pause();
  await till.part.kill();
  copyFolder(till.folder, join(town.folder, name));
  const epoch = openEpoch(till.folder);
  await till.part.start();
  till.pos.resume();
  const { store } = random.chance(0.7) ? till : random.pick(town.tills);
  await town.addTill({ name, source: till.source, store });
  counts.clones += 1;
  counts.planted.push({ source: till.source, epoch });
}

export const CLONES_MAX = 2;

export const FAULTS = {
  kill_till: {
    weight: 10,
    strike: (town, random, counts) => killAndStart(pickTill(town, random).part, random, counts),
  },
  kill_edge: {
    weight: 4,
    strike: (town, random, counts) => killAndStart(town.edge, random, counts),
  },
  kill_centre: {
    weight: 4,
    strike: (town, random, counts) => killAndStart(town.centre, random, counts),
  },
  kill_database: {
    weight: 3,
    async strike({ database }, random, counts) {
      if (database.part) await killAndStart(database.part, random, counts);
    },
  },
  network: {
    weight: 12,
    strike: (town, random) =>
      troubled(random.pick([...town.links, ...town.tills.map(({ link }) => link)]), random),
  },
  freeze: {
    weight: 4,
    async strike(town, random) {
      const part = random.pick([town.edge, town.centre, pickTill(town, random).part]);
      part.freeze();
      await wait(random.int(500, 6_000));
      part.thaw();
    },
  },
  locked_database: {
    weight: 3,
    async strike(town, random) {
      const file = join(pickTill(town, random).folder, "store-agent.db");
      if (!existsSync(file)) return;
      const other = new DatabaseSync(file, { timeout: 1_000 });
      try {
        other.exec("begin immediate");
        await wait(random.int(500, 4_000));
        other.exec("rollback");
      } catch {
        // it was busy itself
      } finally {
        other.close();
      }
    },
  },
  full_disk: {
    weight: 4,
    async strike({ smallDisks }, random, counts) {
      const { disk, part } = random.pick(smallDisks);
      disk.fill();
      await wait(random.int(500, 4_000));
      // It may also die meanwhile, and cannot start before there is room.
      const starting = random.chance(0.4) ? killAndStart(part(), random, counts) : null;
      await wait(random.int(500, 2_500));
      disk.free();
      await starting;
    },
  },
  wrong_clock: {
    weight: 3,
    async strike(town, random, counts) {
      const { part } = pickTill(town, random);
      const skewMs = random.pick([-1, 1]) * random.pick([5_000, 90_000, 7_200_000, 31_536_000_000]);
      counts.kills += 1;
      await part.kill();
      await part.start({
        args: [`--import=${join(import.meta.dirname, "skewed-clock.ts")}`],
        env: { CHAOS_SKEW_MS: String(skewMs) },
      });
    },
  },
  restore: { weight: 3, strike: restore },
  clone: { weight: 1, strike: clone },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** One of those, more often the heavier ones; null when none of them is possible. */
export function drawFault(
  town: Town,
  random: Random,
  { clones }: Counts,
  among: readonly FaultName[],
): FaultName | null {
  const isPossible = (name: FaultName): boolean =>
    name === "clone"
      ? clones < CLONES_MAX
      : name === "full_disk"
        ? town.smallDisks.length > 0
        : true;
  const names = among.filter(isPossible);
  if (names.length === 0) return null;
  return random.pick(
    names.flatMap((name) => Array.from({ length: FAULTS[name].weight }, () => name)),
  );
}
