/** What an older build could not read, through edge and centre by their machines, stopped at every write. */
import { customerIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Item } from "@regulars/shared/protocol/item";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { expect, onTestFinished, test } from "vitest";
import { storeBodiesAsText } from "../../central/src/testing/bodies.ts";
import { readCustomer } from "../../central/src/console/customers/customer.ts";
import { readTotals } from "../../central/src/console/totals.ts";
import { MATCHING } from "../../central/src/testing/matching.ts";
import { createIntake } from "../../central/src/intake/intake.ts";
import { type Captured, createTill, keyOf } from "../../central/src/testing/till.ts";
import { readQuarantine } from "../../central/src/watch/status.ts";
import { deliverRound } from "../../edge/src/inbox/deliver.ts";
import { drainRound } from "../../edge/src/inbox/drain.ts";
import { createMarks } from "../../edge/src/inbox/marks.ts";
import { letGo, setGolden } from "../../edge/src/inbox/move-marks.ts";
import { redeliverRound } from "../../edge/src/inbox/redeliver.ts";
import { replayPage } from "../../edge/src/inbox/replay.ts";
import { quarantineOf } from "../../edge/src/inbox/report.ts";
import { createAside } from "../../edge/src/inbox/aside.ts";
import { takePush } from "../../edge/src/inbox/take-push.ts";
import { deliverRound as deliverFragments } from "../../edge/src/profile/deliver.ts";
import { createOwed } from "../../edge/src/profile/owed.ts";
import { createProfileShard } from "../../edge/src/profile/shard.ts";
import { directoryOver } from "./directory-over.ts";
import { NO_BACKGROUND } from "./no-background.ts";
import { createDatabasePool, type DatabaseKind } from "./database.ts";

const card = keyOf("loyalty", "1001");
const customer = customerIdOf(card);
const NOW = Date.UTC(2026, 10, 21, 12);
const nowMs = (): number => NOW;
/** When bodies that are golden may go. */
const LONG_AFTER_MS = NOW + LIMITS.goldenKeptMs;
const ALL = { source: null, epoch: null, seq: null, after: null, max: 50 };

const pool = await createDatabasePool();

function diskOf(kind: DatabaseKind): Storage {
  const database = pool.take(kind);
  onTestFinished(() => pool.giveBack(kind, database));
  return {
    read: async (queries) => database.read(queries),
    write: async (statements) => database.write(statements),
  };
}

/** Edge and centre on disks that stay when their power is cut. */
function openHouse() {
  const disks = {
    inbox: diskOf("inbox"),
    directory: diskOf("directory"),
    shard: diskOf("profile"),
    centre: diskOf("centre"),
  };
  let writesLeft = Infinity;
  const powered = (disk: Storage): Storage => ({
    read: (queries) => disk.read(queries),
    async write(statements) {
      if (statements.length === 0) return;
      writesLeft -= 1;
      if (writesLeft < 0) throw new Error("power cut");
      await disk.write(statements);
    },
  });
  const inbox = powered(disks.inbox);
  const shard = powered(disks.shard);

  /** The machines without anything in memory. */
  function start() {
    const intake = createIntake({
      storage: powered(disks.centre),
      policy: DEFAULT_POLICY,
      matching: MATCHING,
      nowMs,
      onTaken: () => undefined,
    });
    const profiles = createProfileShard({ ...NO_BACKGROUND, storage: shard, nowMs });
    const directory = directoryOver(powered(disks.directory));
    const intakes = { taken: () => Promise.resolve() };
    const marks = createMarks(inbox, nowMs);
    const opened = marks.open();
    const deps = {
      storage: inbox,
      marks,
      aside: createAside(inbox),
      directory,
      profiles,
      intakes,
      nowMs,
      holders: new Map(),
      tillHeads: new Map(),
    };
    return {
      push: (items: readonly Item[]) => opened.then(() => takePush(deps, pushOf(items))),
      replay: async () => {
        const page = await replayPage(deps, ALL);
        await settle();
        return page;
      },
      replayAlone: () => replayPage(deps, ALL),
      replayAtCentre: () => intake.replay({}),
      profile: async () => {
        const answer = await profiles.read(customer);
        return answer && "profile" in answer
          ? profileSchema.parse(JSON.parse(answer.profile))
          : null;
      },
      settle,
      goldenTo,
    };

    async function goldenTo(golden: number): Promise<void> {
      await setGolden(marks, [{ source: "till-1", epoch: 1, golden }]);
      await letGo(inbox, marks, LONG_AFTER_MS);
      await marks.flush();
    }
    /** Until nothing is on its way. */
    async function settle(): Promise<void> {
      await opened;
      while ((await drainRound(deps, "live")).moved);
      while ((await deliverRound(inbox, marks, intake, "live")).moved);
      await marks.flush();
      while (await redeliverRound(inbox, intake));
      const needs = { need: () => Promise.resolve() };
      // A shard that is opened anew has in its tables what it had in memory.
      await createProfileShard({ ...NO_BACKGROUND, storage: shard, nowMs }).open();
      const owed = createOwed(shard);
      while ((await deliverFragments(shard, owed, intake, needs, () => undefined)) === "again");
      const rows = await rowsOf(disks.centre, "select golden from writer");
      for (const row of rows) await goldenTo(numberOf(row, "golden"));
    }
  }
  return {
    start,
    inbox: disks.inbox,
    centre: disks.centre,
    cutAfter: (writes: number) => void (writesLeft = writes),
  };
}

type House = ReturnType<typeof openHouse>;

const pushOf = (items: readonly Item[]) => ({
  ...THIS_VERSION,
  store: "store-1",
  source: "till-1",
  epoch: 1,
  sentAtMs: NOW,
  items: [...items],
});

function itemOf({ item: { seq, prev, hash, body }, fragment }: Captured): Item {
  const updates = fragment ? [{ key: card, update: fragment.state, sha256: fragment.sha256 }] : [];
  return { seq, prev, hash, body, updates };
}

/** Three sales of one customer and one of nobody; the second and the fourth were of a kind that nobody knew then. */
async function quarantined(house: House): Promise<void> {
  const till = createTill("till-1");
  const sales = [till.sale(100, [card]), till.sale(200, [card]), till.sale(400), till.sale(800)];
  const { push, settle } = house.start();
  await push(sales.map((each) => itemOf(each)));
  const codes = "update item set code = 'not_an_event', subject = '[]' where seq in (2, 4)";
  await house.inbox.write([{ sql: codes }]);
  await settle();
  // The centre of then read no more than the edge.
  await storeBodiesAsText(house.centre);
  const sql = `update event set kind = null, key = null, business_day = null, at_ms = null,
    currency = null, total_minor = null, receipt = null where quarantined is not null`;
  await house.centre.write([{ sql }]);
}

async function everything(house: House) {
  const { profile } = house.start();
  const [writer] = await rowsOf(house.centre, "select journaled, golden, published from writer");
  const { events, money, quarantined: aside } = await readTotals(house.centre);
  return {
    profile: (await profile())?.totals,
    golden: (await readCustomer(house.centre, customer))?.activity.totals,
    books: { events, money, aside },
    writer,
    edge: await quarantineOf(house.inbox, 9),
    centre: await readQuarantine(house.centre, 9),
    waiting: await rowsOf(house.inbox, "select * from redelivery"),
    bodies: await rowsOf(house.inbox, "select seq from item where body is not null"),
  };
}

const AFTER = {
  profile: { GBP: { sales: 2, returns: 0, minor: 300 } },
  golden: { GBP: { sales: 2, returns: 0, minor: 300 } },
  books: { events: { sale: 4 }, money: { GBP: { sale: 1_500 } }, aside: 0 },
  writer: { journaled: 4, golden: 4, published: 4 },
  edge: [],
  centre: [],
  waiting: [],
  bodies: [],
};

test("SYN6: what an older build could not read is replayed at the edge, and counts once in profile, books and golden record", async () => {
  const house = openHouse();
  await quarantined(house);
  expect(await everything(house)).toMatchObject({
    profile: { GBP: { sales: 1, minor: 100 } },
    golden: { GBP: { sales: 1, minor: 100 } },
    books: { events: { sale: 2, unreadable: 2 }, aside: 2 },
    writer: { journaled: 4, golden: 4 },
    edge: [{ seq: 2 }, { seq: 4 }],
    centre: [{ item: "2" }, { item: "4" }],
  });
  const { replay, replayAtCentre, profile } = house.start();
  expect(await replay()).toEqual({ replayed: 2, kept: 0, next: null });
  const once = await everything(house);
  expect(once).toEqual(AFTER);
  const before = await profile();
  expect(await replay()).toEqual({ replayed: 0, kept: 0, next: null });
  expect(await replayAtCentre()).toEqual({ replayed: 0, kept: 0, more: false });
  expect(await everything(house)).toEqual(once);
  expect(await profile()).toEqual(before);
});

test("SYN2 SYN6: a replay that is cut off at any of its writes goes on, and nothing is lost or doubled", async () => {
  let writes = 0;
  for (let isCut = true; isCut; writes++) {
    const house = openHouse();
    await quarantined(house);
    house.cutAfter(writes);
    isCut = await house
      .start()
      .replay()
      .then(
        () => false,
        () => true,
      );
    house.cutAfter(Infinity);
    const { replay } = house.start();
    await replay();
    expect(await everything(house), `cut after ${writes} writes`).toEqual(AFTER);
  }
  // Merged, let go, and heard by the centre: each of them is a write of its own.
  expect(writes).toBeGreaterThan(6);
});

test("SYN6: a row that becomes golden before the centre has heard of its replay is kept whole until then", async () => {
  const house = openHouse();
  await quarantined(house);
  await house.inbox.write([{ sql: "update mark set golden = 0" }]);
  const { replayAlone, goldenTo, settle } = house.start();
  await replayAlone();
  await goldenTo(4);
  expect((await everything(house)).bodies).toEqual([{ seq: 2 }, { seq: 4 }]);
  await settle();
  expect(await everything(house)).toEqual(AFTER);
});

test("SYN6: the centre replays what it alone could not read; what names a customer waits for its fragment, and nothing behind it", async () => {
  const house = openHouse();
  await quarantined(house);
  const { replay, replayAtCentre } = house.start();
  // The edge has not merged the sale of the customer: golden would be a lie.
  expect(await replayAtCentre()).toEqual({ replayed: 1, kept: 1, more: false });
  expect(await everything(house)).toMatchObject({
    golden: { GBP: { sales: 1 } },
    books: { events: { sale: 4 }, money: { GBP: { sale: 1_500 } }, aside: 1 },
    centre: [{ item: "2", code: "not_an_event" }],
    writer: { golden: 4 },
  });
  await replay();
  expect(await everything(house)).toEqual(AFTER);
});
