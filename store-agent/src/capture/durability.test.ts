import { identityKeyOf } from "@regulars/shared/identity/key";
import { expect, test, vi } from "vitest";
import { IDENTITY, sale, SOURCE } from "../../testing/settings.ts";
import { countWholeChain, NOON, openTill } from "../../testing/till.ts";
import { openDatabase } from "../db/open-database.ts";

const ada = { email: "ada@example.org", givenName: "Ada" };
const adaKey = identityKeyOf("email", ada.email, IDENTITY.pepper);

test("CAP1: answers after the one write that holds event, fragment, outbox, receipt and clock", async () => {
  const held = Promise.withResolvers<void>();
  let writes = 0;
  const till = await openTill({
    async write(statements, storage) {
      writes += 1;
      await held.promise;
      await storage.write(statements);
    },
  });
  let answered = false;
  const capturing = till.captured(sale({ customer: ada })).then((answer) => {
    answered = true;
    return answer;
  });
  await vi.waitUntil(() => writes > 0);
  expect(answered).toBe(false);
  held.resolve();
  const { receipt } = await capturing;
  expect(writes).toBe(1);

  const other = openDatabase(`${till.dataDir}/store-agent.db`);
  const [rows = [], outbox = [], fragments = [], writer = []] = await other.read([
    { sql: "select receipt from journal order by seq" },
    { sql: "select seq from outbox order by seq" },
    { sql: "select key from fragment" },
    { sql: "select seq, receipts, clock_ms from writer" },
  ]);
  other.close();
  expect(rows).toEqual([{ receipt }, { receipt: null }]);
  expect(outbox).toEqual([{ seq: 1 }, { seq: 2 }]);
  expect(fragments).toEqual([{ key: adaKey }]);
  expect(writer).toEqual([{ seq: 2, receipts: 1, clock_ms: NOON }]);
});

test("CAP1: a failed write rejects its captures, leaves nothing, and the next one starts from the disk", async () => {
  let fails = false;
  const till = await openTill({
    write: (statements, storage) => {
      return fails ? Promise.reject(new Error("disk full")) : storage.write(statements);
    },
  });
  await till.captured(sale({ customer: ada }));
  fails = true;
  const lost = await Promise.allSettled([
    till.captured(sale({ customer: { ...ada, givenName: "Never" } })),
    till.captured(sale()),
  ]);
  expect(lost.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  const next = await till.captured(sale({ customer: ada }));
  expect(next).toMatchObject({ seq: 3, receipt: `${SOURCE}-1-000002` });
  expect(await countWholeChain(till.storage)).toBe(3);
  const [ours] = await till.lookup("ada@example.org");
  expect(ours?.profile.fields.givenName?.value).toBe("Ada");
  expect(ours?.profile.totals["GBP"]?.sales).toBe(2);
});

test("CAP2: callers that arrive together share one commit, and each gets its own receipt", async () => {
  let writes = 0;
  const till = await openTill({
    write: (statements, storage) => ((writes += 1), storage.write(statements)),
  });
  const answers = await Promise.all(Array.from({ length: 40 }, () => till.captured(sale())));
  expect(writes).toBe(1);
  expect(answers.map(({ receipt }) => receipt)).toEqual(
    answers.map((_, at) => `${SOURCE}-1-${String(at + 1).padStart(6, "0")}`),
  );
});
