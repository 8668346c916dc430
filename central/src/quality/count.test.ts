import fc from "fast-check";
import { rowsOf, type Storage } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { chainStart } from "@regulars/shared/events/chain";
import { emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { walksIn } from "../testing/plan.ts";
import { takeEvents } from "../intake/take-events.ts";
import { createTill, eventsOf, keyOf, START_MS, type Till } from "../testing/till.ts";
import { countPage, newestOfWriters, nextEvents, recountStatements, releasedEvents } from "./count.ts"; // prettier-ignore
import { daysQuery } from "./series.ts";

let database: TestDatabase;
let storage: Storage;
beforeAll(async () => {
  database = await openFile();
  ({ storage } = database);
});
afterAll(() => database.close());
beforeEach(() => emptyDatabase(storage));

async function countAll(): Promise<void> {
  while (await countPage(storage));
}

const figures = () =>
  rowsOf(
    storage,
    "select * from quality_day where count <> 0 or of <> 0 order by measure, part, day",
  );

async function figure(measure: string, part: string) {
  const [row] = await rowsOf(
    storage,
    "select sum(count) as count, sum(of) as of from quality_day where measure = ? and part = ?",
    [measure, part],
  );
  return [row?.["count"], row?.["of"]];
}

const card = keyOf("loyalty", "1");

test("completeness counts what was refused among what was received, and an event read anew as what it says", async () => {
  const till = createTill("till-1");
  const rows = [
    till.claim({ email: "ada@example.com", givenName: "Ada" }, [card]),
    till.claim({ givenName: "Bo" }, [card]),
    till.sale(100, [card]),
    till.sale(200),
  ].map(({ item }) => item);
  const [first, ...others] = rows;
  await takeEvents(storage, eventsOf("store-1", [{ ...first!, quarantined: "bad_fragment" }, ...others]), START_MS); // prettier-ignore
  await countAll();
  expect(await figure("accepted", "till")).toEqual([3, 4]);
  expect(await figure("field", "till/email")).toEqual([0, 2]);
  expect(await figure("field", "till/givenName")).toEqual([1, 2]);
  expect(await figure("field", "till/customer")).toEqual([1, 2]);
  await storage.write([{ sql: "update event set quarantined = null" }]);
  await countAll();
  expect(await figure("accepted", "till")).toEqual([4, 4]);
  expect(await figure("field", "till/email")).toEqual([1, 2]);
  expect(await figure("field", "till/givenName")).toEqual([2, 2]);
});

test("what cannot be read at all counts against every field of its source's channel", async () => {
  const till = createTill("till-1");
  await takeEvents(storage, eventsOf("store-1", [till.sale(100).item]), START_MS);
  const sql = `insert into intake_problem (source, epoch, code, item, hash, received_ms, payload)
    values ('till-1', 1, 'broken_chain', '2', 'x', ?, ?)`;
  await storage.write([{ sql, args: [START_MS, JSON.stringify({ store: "store-1", body: "{" })] }]);
  await countAll();
  expect(await figure("accepted", "till")).toEqual([1, 2]);
  expect(await figure("field", "till/email")).toEqual([0, 1]);
  expect(await figure("field", "till/payment")).toEqual([1, 2]);
  await storage.write([{ sql: "delete from intake_problem" }]);
  await countAll();
  expect(await figure("accepted", "till")).toEqual([1, 1]);
  expect(await figure("field", "till/email")).toEqual([0, 0]);
});

type Step =
  | { readonly do: "sell"; readonly till: number; readonly isAside: boolean; readonly day: number }
  | { readonly do: "say"; readonly till: number; readonly isAside: boolean; readonly field: string }
  | { readonly do: "release" | "letter" | "forget" | "count" | "join" };

const tillOf = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("sell" as const), till: tillOf, isAside: fc.boolean(), day: fc.nat({ max: 3 }) }), // prettier-ignore
  fc.record({
    do: fc.constant("say" as const),
    till: tillOf,
    isAside: fc.boolean(),
    field: fc.constantFrom("email", "givenName", "phone"),
  }),
  fc.record({ do: fc.constantFrom("release", "letter", "forget", "count", "join") }),
);

let letters = 0;
async function play(tills: readonly Till[], each: Step): Promise<void> {
  switch (each.do) {
    case "sell":
    case "say": {
      const till = tills[each.till]!;
      const atMs = START_MS + till.captured.length * 60_000;
      const { item } =
        each.do === "sell"
          ? till.sale(100, [card], atMs + each.day * 86_400_000)
          : till.claim({ [each.field]: "x" }, [card], atMs);
      const aside = each.isAside ? { quarantined: "bad_fragment" } : {};
      await takeEvents(storage, eventsOf("store-1", [{ ...item, ...aside }]), atMs);
      break;
    }
    case "release":
      await storage.write([{ sql: "update event set quarantined = null where quarantined is not null and seq % 2 = 0" }]); // prettier-ignore
      break;
    case "letter":
      letters += 1;
      await storage.write([
        {
          sql: `insert into intake_problem (source, epoch, code, item, hash, received_ms, payload)
                values ('till-1', 1, 'fork', ?, ?, ?, '{"body":"{\\"kind\\":\\"claim\\"}"}')`,
          args: [String(letters), chainStart("till-1", letters), START_MS],
        },
      ]);
      break;
    case "forget":
      await storage.write([{ sql: "delete from intake_problem where n = (select min(n) from intake_problem)" }]); // prettier-ignore
      break;
    case "join":
      await storage.write([{ sql: "insert into feed (type, customer, at_ms) values ('merged', 'c', ?)", args: [START_MS] }]); // prettier-ignore
      break;
    case "count":
      await countPage(storage);
  }
}

test("SYN8 counted in whatever steps, what is stored gives the figures that counting all of it anew gives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await emptyDatabase(storage);
      const tills = ["till-1", "till-2", "till-3"].map((source) => createTill(source));
      for (const each of steps) await play(tills, each);
      await countAll();
      const counted = await figures();
      await storage.write(recountStatements());
      await countAll();
      expect(await figures()).toEqual(counted);
    }),
    {
      numRuns: 30,
      examples: [
        // A letter of a source that is not known yet.
        [[{ do: "letter" }, { do: "count" }, { do: "sell", till: 0, isAside: false, day: 0 }]],
      ],
    },
  );
});

test("counting and reading go by index", async () => {
  expect(await walksIn(storage, newestOfWriters(), ["w"])).toEqual([]);
  expect(await walksIn(storage, nextEvents("till-1", 1, 0, 9))).toEqual([]);
  expect(await walksIn(storage, releasedEvents(), ["p"])).toEqual([]);
  expect(await walksIn(storage, daysQuery("2026-01-01", "2026-02-01"))).toEqual([]);
});
