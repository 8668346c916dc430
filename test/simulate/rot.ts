/** Faults of disks that forget a bit: of what waits at the edge, where its till has another copy, and of what a till goes on with. */
import { bytesOf } from "@regulars/shared/storage/port";
import type { Database } from "./database.ts";
import type { Fault } from "./faults.ts";
import { rowsIn } from "./quiet.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

const SECOND = 1_000;
const down = (random: Random): number => random.pick([50, 500, 4 * SECOND]);
const ROT_WITHIN_MS = 3 * SECOND;
const ROT_LOOK_MS = 20;
/** The first row that the centre does not have. */
const WAITING_ROW = `select i.source, i.epoch, i.seq from item i
  join mark m on m.source = i.source and m.epoch = i.epoch and i.seq > m.delivered
  where i.code is null order by i.source, i.epoch, i.seq limit 1`;
const OWN_FRAGMENT = "select state from fragment order by key, epoch limit 1";
/** A machine that has to read it again delivers once more what it owed last. */
const WAITING_FRAGMENT = `select f.state from fragment f
  join (select customer, id from undelivered
    union select o.value ->> 'customer', o.value ->> 'id'
      from setting s join json_each(s.value, '$.fragments') o where s.name = 'owed') u
    on u.customer = f.customer and u.id = f.id order by f.id limit 1`;
/** The lowest bit of one of its characters. */
const ROT = `update item set body = substr(body, 1, ?1 - 1)
    || char((unicode(substr(body, ?1, 1)) | 1) - (unicode(substr(body, ?1, 1)) & 1))
    || substr(body, ?1 + 1)
  where (source, epoch, seq) in (${WAITING_ROW})`;

/** Waits for something to bend, bends it, and has the machine read it again. */
function rot(world: World, on: string, forMs: number, bend: (database: Database) => boolean): void {
  const machine = world.machine(on);
  const untilMs = world.timeline.nowMs() + ROT_WITHIN_MS;
  const look = (): void => {
    if (bend(machine.disk.database)) machine.crash({ downMs: forMs, power: false });
    else if (world.timeline.nowMs() < untilMs) world.timeline.after(ROT_LOOK_MS, look);
  };
  look();
}

function bendFragment(database: Database, which: string, bit: number): boolean {
  const [row] = rowsIn(database, which);
  if (!row) return false;
  const [before, state] = [bytesOf(row, "state"), Uint8Array.from(bytesOf(row, "state"))];
  state[(bit >> 3) % state.length]! ^= 1 << (bit & 7);
  database.write([{ sql: "update fragment set state = ? where state = ?", args: [state, before] }]);
  return true;
}

/** So that things wait at the edge for longer than their alarm. */
function sendCentreAway({ centre, timeline }: World): void {
  centre.away();
  timeline.after(8 * SECOND, () => centre.start());
}

export const ROT_FAULTS = {
  rot: {
    what: "a bit of a row that waits at the edge is another one when it is read again",
    weight: 6,
    plan: (random, { stores }) => ({
      on: `inbox/${random.pick(stores)}`,
      mode: random.pick(["", "centre away"]),
      n: random.int(0, 60),
      forMs: down(random),
    }),
    strike(world, { on, n, forMs, mode }) {
      if (mode !== "") sendCentreAway(world);
      rot(world, on, forMs, (database) => {
        const [row] = rowsIn(database, WAITING_ROW);
        if (row) database.write([{ sql: ROT, args: [n + 1] }]);
        return row !== undefined;
      });
    },
    endsAfterMs: () => ROT_WITHIN_MS,
  },
  rot_till: {
    what: "a bit of a fragment that a till writes is another one when it is read again",
    weight: 4,
    plan: (random, { modern }) => ({
      on: random.pick(modern),
      n: random.int(0, 4_000),
      forMs: down(random),
    }),
    strike(world, { on, n, forMs }) {
      rot(world, on, forMs, (database) => bendFragment(database, OWN_FRAGMENT, n));
    },
    endsAfterMs: () => ROT_WITHIN_MS,
  },
  rot_fragment: {
    what: "a bit of a fragment that waits at a profile shard is another one when it is read again",
    weight: 4,
    plan: (random) => ({
      on: `profile/r/${random.int(0, 1)}`,
      n: random.int(0, 4_000),
      forMs: down(random),
    }),
    strike(world, { on, n, forMs }) {
      sendCentreAway(world);
      rot(world, on, forMs, (database) => bendFragment(database, WAITING_FRAGMENT, n));
    },
    endsAfterMs: () => ROT_WITHIN_MS,
  },
} satisfies Record<string, Fault>;
