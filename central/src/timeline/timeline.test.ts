import { customerIdOf } from "@regulars/shared/ids";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { placeOf, type TimelinePlace } from "@regulars/shared/timeline/entry";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIntake, type Intake } from "../intake/intake.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { MATCHING } from "../testing/matching.ts";
import { createTill, eventsOf, fragmentsOf, keyOf, START_MS, type Till } from "../testing/till.ts";
import { readTimeline } from "./read-timeline.ts";

const card = keyOf("loyalty", "1001");
const mail = keyOf("email", "ann@example.org");
const ann = customerIdOf(card);

describe.each(DATABASES)("the timeline of a customer in $name", ({ open }) => {
  let database: TestDatabase;
  let intake: Intake;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await emptyDatabase(database.storage);
    const { storage } = database;
    intake = createIntake({
      storage,
      policy: DEFAULT_POLICY,
      matching: MATCHING,
      nowMs: () => 7,
      onTaken: () => {},
    });
  });

  async function deliver(...tills: readonly Till[]): Promise<void> {
    for (const { store, captured } of tills) {
      await intake.events(
        eventsOf(
          store,
          captured.map(({ item }) => item),
        ),
      );
      await intake.fragments(fragmentsOf(captured.flatMap(({ fragment }) => fragment ?? [])));
    }
  }

  async function pages(customer: string, limit: number): Promise<string[][]> {
    const all: string[][] = [];
    let before: TimelinePlace | null = null;
    for (;;) {
      const page = await readTimeline(database.storage, customer, { before, limit });
      all.push(page?.items.map(({ entry }) => entry.event) ?? ["nobody"]);
      const last = page?.items.at(-1);
      if (!page?.more || !last) return all;
      before = placeOf(last);
    }
  }

  test("IDN2: it is in the order in which things happened, of all tills, without what is about nobody", async () => {
    const one = createTill("till-1");
    const two = createTill("till-2", { store: "store-2" });
    one.sale(100, [card], START_MS);
    two.claim({ givenName: "Ann" }, [card, mail], START_MS + 1_000);
    one.sale(200, [], START_MS + 2_000);
    one.sale(-50, [card], START_MS + 3_000);
    two.sale(300, [mail], START_MS + 4_000);
    await deliver(one, two);
    const order = ["till-2/1/2", "till-1/1/3", "till-2/1/1", "till-1/1/1"];
    expect(await pages(ann, 100)).toEqual([order]);
    expect(await pages(ann, 1)).toEqual(order.map((event) => [event]));
    expect(await pages(ann, 3)).toEqual([order.slice(0, 3), order.slice(3)]);
    const newest = await readTimeline(database.storage, ann, { before: null, limit: 1 });
    expect(newest?.items[0]?.entry).toEqual({
      kind: "sale",
      event: "till-2/1/2",
      at: new Date(START_MS + 4_000).toISOString(),
      store: "store-2",
      receipt: "till-2-1",
      currency: "GBP",
      totalMinor: 300,
      lines: 1,
      items: ["Tea"],
    });
  });

  test("IDN7: an id that redirects has the timeline of the customer that it lives on as", async () => {
    const one = createTill("till-1");
    one.sale(100, [mail], START_MS);
    one.sale(200, [card], START_MS + 1_000);
    await deliver(one);
    one.sale(300, [card, mail], START_MS + 2_000);
    await deliver(one);
    const byMail = await pages(customerIdOf(mail), 10);
    expect(byMail).toEqual([["till-1/1/3", "till-1/1/2", "till-1/1/1"]]);
    expect(await pages(ann, 10)).toEqual(byMail);
    expect(await pages(customerIdOf(keyOf("phone", "+441632960000")), 10)).toEqual([["nobody"]]);
  });

  test("SYN10: a page of somebody who buys a lot is read by index, and not from all of the journal", async () => {
    const asked: Statement[] = [];
    const watched: Storage = {
      ...database.storage,
      read: (queries) => {
        asked.push(...queries);
        return database.storage.read(queries);
      },
    };
    const one = createTill("till-1");
    one.sale(100, [card]);
    await deliver(one);
    await readTimeline(watched, ann, { before: null, limit: 10 });
    const page = asked.at(-1);
    const [plan = []] = await database.storage.read([
      { sql: `explain query plan ${page?.sql}`, ...(page?.args ? { args: page.args } : {}) },
    ]);
    const steps = plan.map((step) => String(step["detail"]));
    expect(steps.join("\n")).toMatch(/SEARCH i USING (COVERING )?INDEX event_record/);
    expect(steps.filter((step) => step.startsWith("SCAN"))).toEqual([]);
  });
});
