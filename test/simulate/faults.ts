/** The table of faults: what each does to the world, and how it is planned. Whatever lasts ends by itself, or when faults end. */
import { TROUBLES } from "./network.ts";
import type { Setting } from "./plan.ts";
import type { Random } from "./random.ts";
import { ROT_FAULTS } from "./rot.ts";
import type { World } from "./world.ts";

export interface FaultStep {
  readonly atMs: number;
  readonly kind: "fault";
  readonly fault: FaultName;
  /** The link or machine that it is done to. */
  readonly on: string;
  readonly forMs: number;
  /** Of what passes, or how often. */
  readonly share: number;
  readonly n: number;
  readonly mode: string;
}

type Details = Partial<Omit<FaultStep, "atMs" | "kind" | "fault">> & { readonly on: string };

export interface Fault {
  readonly what: string;
  /** How often it is chosen, compared to the others. */
  readonly weight: number;
  plan(random: Random, places: Places): Details;
  strike(world: World, step: FaultStep): void;
  /** How long after its start it still does something that no healing calls off. */
  endsAfterMs?(step: FaultStep): number;
}

interface Places {
  readonly links: readonly string[];
  readonly tills: readonly string[];
  readonly objects: readonly string[];
  readonly stores: readonly string[];
  /** Tills of today's protocol: one of protocol 1 is spared what its protocol had no answer to. */
  readonly modern: readonly string[];
}

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const lasting = (random: Random): number => random.int(500, 30 * SECOND);
const down = (random: Random): number => random.pick([50, 500, 4 * SECOND]);

/** As often as those of two tills. */
const CENTRE_LINKS = ["edge>centre", "edge>centre", "edge>centre", "centre>edge"];
export const FAULTS = {
  network: {
    what: "requests or answers of a link are lost, doubled, delayed, bent, refused or turned away",
    weight: 30,
    plan: (random, { links, modern }) => {
      const on = random.pick(links);
      const mode = random.pick(TROUBLES);
      const canTell = !on.startsWith("till") || modern.includes(on);
      return {
        on,
        mode: mode === "flip" && !canTell ? "drop" : mode,
        share: random.pick([0.2, 0.5, 1]),
        forMs: lasting(random),
      };
    },
    strike(world, { on, mode, share, forMs }) {
      const trouble = TROUBLES.find((each) => each === mode) ?? "drop";
      world.timeline.after(forMs, world.network.trouble(on, trouble, share));
    },
  },
  inner: {
    what: "calls between the edge's objects fail, before or after they took effect",
    weight: 6,
    plan: (random) => ({ on: "edge", share: random.pick([0.1, 0.4]), forMs: lasting(random) }),
    strike(world, { share, forMs }) {
      world.edge.setInnerFailures(share);
      world.timeline.after(forMs, () => world.edge.setInnerFailures(0));
    },
  },
  crash: {
    what: "a machine dies at any moment, or loses its power and with it what was not synced",
    weight: 14,
    plan: (random, { tills, objects }) => ({
      on: random.chance(0.4) ? random.pick(tills) : random.pick([...objects, "centre"]),
      mode: random.pick(["kill", "power"]),
      forMs: down(random),
    }),
    strike: (world, { on, mode, forMs }) =>
      world.machine(on).crash({ downMs: forMs, power: mode === "power" }),
  },
  crash_at_write: {
    what: "a machine dies just before or just after one of its next writes",
    weight: 30,
    plan: (random, { tills, objects }) => ({
      on: random.chance(0.4) ? random.pick(tills) : random.pick([...objects, "centre"]),
      mode: random.pick(["before", "after"]),
      n: random.int(1, 8),
      share: random.pick([0, 1]),
      forMs: down(random),
    }),
    strike: (world, { on, mode, n, share, forMs }) =>
      world.machine(on).planCrash(n, mode === "before" ? "before" : "after", {
        downMs: forMs,
        power: share === 1,
      }),
  },
  full_disk: {
    what: "every write of a machine is refused for a while",
    weight: 5,
    plan: (random, { tills, objects }) => ({
      on: random.pick([...tills, ...objects, "centre"]),
      forMs: lasting(random),
    }),
    strike(world, { on, forMs }) {
      const { disk } = world.machine(on);
      disk.setFull(true);
      world.timeline.after(forMs, () => disk.setFull(false));
    },
  },
  ...ROT_FAULTS,
  clock: {
    what: "a till's clock jumps, by seconds to years, ahead or back",
    weight: 8,
    plan: (random, { tills }) => ({
      on: random.pick(tills),
      n:
        random.pick([-1, 1]) *
        random.pick([3 * SECOND, 50 * SECOND, 90 * SECOND, 3 * 3600 * SECOND, 400 * DAY]),
    }),
    strike: (world, { on, n }) => world.till(on).jumpClock(n),
  },
  restore: {
    what: "a till comes back from a backup, its high-water mark kept, restored or lost",
    weight: 12,
    plan: (random, { modern }) => ({
      on: random.pick(modern),
      mode: random.pick(["kept", "restored", "lost"]),
      forMs: random.int(1_000, 8 * SECOND),
    }),
    endsAfterMs: ({ forMs }) => forMs + SECOND,
    strike(world, { on, mode, forMs }) {
      const till = world.till(on);
      const backup = till.backup();
      const then = mode === "kept" ? "kept" : mode === "lost" ? "lost" : "restored";
      world.timeline.after(forMs, () => till.restore(backup, then));
    },
  },
  clone: {
    what: "a till's disk is copied into another machine, in the same store or in another, and both sell",
    weight: 14,
    plan: (random, { modern, stores }) => ({
      on: random.pick(modern),
      mode: random.chance(0.5) ? "own" : random.pick(stores),
    }),
    strike(world, { on, mode }) {
      const till = world.till(on);
      if (world.tills.some(({ name }) => name === `${on}b`)) return;
      const { source } = till;
      const store = mode === "own" ? till.store : mode;
      world.addTill({ name: `${on}b`, source, store, protocol: 2, from: till.backup() });
    },
  },
  edge_lost: {
    what: "the edge's disk is gone: all of its objects begin with nothing",
    weight: 4,
    plan: (random) => ({ on: "edge", forMs: down(random) }),
    strike: (world, { forMs }) => world.edge.lose(forMs),
  },
  centre_away: {
    what: "the centre is away, for seconds or for twenty days in which everybody sleeps",
    weight: 6,
    plan: (random) => ({ on: "centre", forMs: random.pick([3 * SECOND, 30 * SECOND, 20 * DAY]) }),
    strike(world, { forMs }) {
      world.centre.away();
      const isLong = forMs > 60 * SECOND;
      if (isLong) world.timeline.after(3 * SECOND, () => world.timeline.skip(forMs));
      world.timeline.after(isLong ? 4 * SECOND : forMs, () => world.centre.start());
    },
    endsAfterMs: ({ forMs }) => Math.min(forMs, 4 * SECOND),
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** With a `focus`, what is done to a till is done to that one. */
export function planFault(
  random: Random,
  setting: Setting,
  atMs: number,
  focus: string | null,
): FaultStep {
  const chosen = setting.tills.filter(({ name }) => focus === null || name === focus);
  const modern = chosen.filter(({ protocol }) => protocol === 2).map(({ name }) => name);
  const tills = chosen.map(({ name }) => name);
  const places: Places = {
    links: [...tills, ...tills, ...CENTRE_LINKS],
    tills,
    stores: setting.stores,
    objects: [
      ...setting.stores.map((store) => `inbox/${store}`),
      "profile/r/0",
      "profile/r/1",
      "directory/0",
      "directory/1",
    ],
    modern,
  };
  const names = (Object.keys(FAULTS) as FaultName[]).filter(
    (name) =>
      (modern.length > 0 || (name !== "restore" && name !== "clone" && name !== "rot_till")) &&
      ((!name.startsWith("rot") && name !== "edge_lost") ||
        setting.tills.every(({ protocol }) => protocol === 2)),
  );
  const fault = random.pick(
    names.flatMap((name) => Array.from({ length: FAULTS[name].weight }, () => name)),
  );
  const details = (FAULTS[fault] as Fault).plan(random, places);
  return { atMs, kind: "fault", fault, forMs: 0, share: 0, n: 0, mode: "", ...details };
}

/** Of all steps, when the last has done all that it does, in waking time. */
export const lastEndMs = (steps: readonly FaultStep[]): number =>
  Math.max(
    0,
    ...steps.map((step) => step.atMs + ((FAULTS[step.fault] as Fault).endsAfterMs?.(step) ?? 0)),
  );

export function strike(world: World, step: FaultStep): void {
  const { fault, on, mode, share, n, forMs } = step;
  world.tell(on, () => `FAULT ${fault} ${JSON.stringify({ mode, share, n, forMs })}`);
  (FAULTS[fault] as Fault).strike(world, step);
}
