import { identityKeyOf } from "@regulars/shared/identity/key";
import { bytesOf, rowsOf } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { pushAll, receiptsAt, statusOf, strangerAfter } from "../../testing/both-lanes.ts";
import { createFakeEdge, profileAt } from "../../testing/fake-edge.ts";
import { IDENTITY, sale } from "../../testing/settings.ts";
import { openTill, type Till, temporaryFolder } from "../../testing/till.ts";
import { readFragments } from "../sync/outgoing.ts";
import { stateOf, STATE_COLUMNS } from "./stored-fragment.ts";

const ada = { email: "ada@example.org", givenName: "Ada" };
const key = identityKeyOf("email", ada.email, IDENTITY.pepper);

async function stateIn({ storage }: Till): Promise<Uint8Array> {
  const [row] = await rowsOf(storage, "select state from fragment where key = ?", [key]);
  return bytesOf(row!, "state");
}

const store = ({ storage }: Till, state: Uint8Array): Promise<void> =>
  storage.write([{ sql: "update fragment set state = ? where key = ?", args: [state, key] }]);

test("SYN5: every bit of a stored fragment that is turned round at the till is noticed", async () => {
  const till = await openTill();
  await till.captured(sale({ customer: ada }));
  const whole = await stateIn(till);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const bent = Uint8Array.from(whole);
    bent[bit >> 3]! ^= 1 << (bit & 7);
    await store(till, bent);
    const [row] = await rowsOf(till.storage, `select ${STATE_COLUMNS} from fragment`);
    expect(stateOf(row!), `bit ${bit}`).toBeNull();
    expect(await readFragments(till.storage, 1, [key]), `bit ${bit}`).toEqual([]);
  }
  await store(till, whole);
  expect(await readFragments(till.storage, 1, [key])).toHaveLength(1);
});

test("SYN5 CAP4: a customer's fragment that has gone bad stops no sale, and nothing is lost or doubled by it", async () => {
  const edge = createFakeEdge();
  const dataDir = await temporaryFolder();
  const before = await openTill({ dataDir, edge });
  const first = await before.captured(sale({ customer: ada }));
  await store(before, (await stateIn(before)).fill(0, 3, 9));
  await before.close();
  const till = await openTill({ dataDir, edge });
  const other = await till.captured(sale({ customer: { email: "bob@example.org" } }));
  const second = await till.captured(sale({ customer: ada }));
  expect([first, other, second].map(({ epoch }) => epoch)).toEqual([1, 1, 2]);
  expect(await till.lookup("ada@example.org")).toHaveLength(1);
  await pushAll(till);
  expect(receiptsAt(edge)).toEqual([first, other, second].map(({ receipt }) => receipt));
  expect(profileAt(edge, key, 1).totals["GBP"]?.sales).toBe(2);
  expect((await statusOf(till)).closed).toMatchObject([{ epoch: 1, reason: "damaged" }]);
});

test("SYN5: of a row from before digests, what is no fragment any more is noticed when it is opened", async () => {
  const edge = createFakeEdge();
  const dataDir = await temporaryFolder();
  const before = await openTill({ dataDir, edge });
  await before.captured(sale({ customer: ada }));
  await before.storage.write([
    { sql: "update fragment set state = x'ff', packed = 0, sha256 = null" },
  ]);
  await before.close();
  const till = await openTill({ dataDir, edge });
  expect(await till.lookup("ada@example.org")).toEqual([]);
  expect(await till.captured(sale({ customer: ada }))).toMatchObject({ epoch: 2 });
});

test("SYN3 SYN5: rows that are sealed anew go on in another epoch where a fragment of theirs has gone bad", async () => {
  const edge = createFakeEdge();
  const till = await openTill({ edge });
  await till.captured(sale());
  await pushAll(till);
  edge.items.push(strangerAfter(edge.items[0]!));
  const own = [];
  for (let n = 0; n < LIMITS.resealRows + 10; n++) {
    own.push(await till.captured(sale({ customer: ada })));
  }
  await till.sync.push(); // meets the other machine's row
  await till.sync.pushClosed(); // seals the first of them anew
  const [reseal] = await rowsOf(till.storage, "select target from reseal");
  await till.storage.write([
    { sql: "update fragment set state = x'ff' where epoch = ?", args: [reseal!["target"]!] },
  ]);
  await pushAll(till);
  const receipts = receiptsAt(edge).slice(2); // without the first sale, and the other machine's
  expect(receipts).toEqual(own.map(({ receipt }) => receipt));
  expect(await rowsOf(till.storage, "select * from reseal")).toEqual([]);
  expect(profileAt(edge, key, 1).totals["GBP"]?.sales).toBe(own.length);
});
