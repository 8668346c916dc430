import { base64ToBytes, bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { activityIn } from "@regulars/shared/survivorship/activity";
import { buildProfile } from "@regulars/shared/survivorship/profile";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { contributionIn } from "../db/packed-columns.ts";
import { readCustomer } from "../console/customers/customer.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { decisionsOf, stateOf } from "../testing/state.ts";
import { createTill, fragmentsOf, keyOf, START_MS } from "../testing/till.ts";
import { createIntake, type Intake } from "./intake.ts";
import type { ArrivedFragment } from "./source-record.ts";
import { MATCHING } from "../testing/matching.ts";

const card = keyOf("loyalty", "1001");
const mail = keyOf("email", "ann@example.org");
const minutes = (count: number): number => START_MS + count * 60_000;

describe.each(DATABASES)("fragments into $name", ({ open }) => {
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

  const deliver = (...fragments: (ArrivedFragment | null)[]) =>
    intake.fragments(fragmentsOf(fragments.filter((each) => each !== null)));
  const history = (customer: string) =>
    rowsOf(database.storage, "select version, digest from golden_history where customer = ?", [
      customer,
    ]);

  test("SYN5 a fragment that is not what it says it is, is refused with a code and kept; the others are taken", async () => {
    const till = createTill("till-1");
    const good = till.sale(100, [card]).fragment!;
    const other = till.sale(100, [mail]).fragment!;
    const stranger = createTill("till-2").sale(100, [card]).fragment!;
    const flipped = base64ToBytes(good.state);
    flipped[flipped.length - 3]! ^= 1;
    const garbage = new Uint8Array([1, 2, 3]);
    const answer = await deliver(
      { ...good, state: bytesToBase64(flipped) },
      { ...good, state: "abc" },
      { ...good, state: bytesToBase64(garbage), sha256: sha256Hex(garbage) },
      { ...good, clock: good.clock + 1 },
      { ...good, key: mail },
      { ...good, state: stranger.state, sha256: stranger.sha256 },
      other,
    );
    expect(answer.refused.map(({ code }) => code)).toEqual([
      "checksum",
      "checksum",
      "not_a_fragment",
      "clock_mismatch",
      "key_mismatch",
      "foreign_writer",
    ]);
    expect(answer.received).toBe(1);
    expect((await stateOf(database.storage)).records).toHaveLength(1);
    // The first two claim to be the same bytes, so the second is the first one sent again.
    expect(await rowsOf(database.storage, "select code from intake_problem")).toHaveLength(5);
  });

  test("SYN2 an older state than stored is old news, and the same one again changes nothing", async () => {
    const till = createTill("till-1");
    const [first, second] = [till.sale(100, [card]), till.sale(200, [card])];
    await deliver(second.fragment);
    const before = await stateOf(database.storage);
    expect(await deliver(first.fragment, second.fragment)).toMatchObject({ received: 1 });
    await deliver(first.fragment);
    await deliver(second.fragment);
    expect(await stateOf(database.storage)).toEqual(before);
    expect(await history(customerIdOf(card))).toHaveLength(1);
  });

  test("SYN2 an edge that sends again what is here is told again whose it is: it may have lost its disk", async () => {
    const till = createTill("till-1");
    const early = till.sale(100, [mail], minutes(1)).fragment!;
    const late = till.sale(100, [card, mail], minutes(2)).fragment!;
    await deliver(early);
    await deliver(late);
    await database.storage.write([{ sql: "delete from publication" }]);
    const [customer, other] = [customerIdOf(mail), customerIdOf(card)];
    await deliver({ ...late, customer: other });
    const { version } = (await readCustomer(database.storage, customer)) ?? {};
    expect(await decisionsOf(database.storage)).toEqual([
      { kind: "redirect", from: other, to: customer },
      { kind: "golden", customer, version },
    ]);
    await database.storage.write([{ sql: "delete from publication" }]);
    const from = customerIdOf(keyOf("loyalty", "9"));
    await deliver({ ...late, customer: from });
    const assign = { kind: "assign", key: card, from, to: customer };
    expect(await decisionsOf(database.storage)).toContainEqual(assign);
  });

  test("GLD1 a version is written only when the golden record says something else; sales are activity", async () => {
    const till = createTill("till-1");
    const customer = customerIdOf(card);
    await deliver(till.claim({ givenName: "Ann" }, [card]).fragment);
    await deliver(till.sale(100, [card]).fragment);
    await deliver(till.sale(250, [card]).fragment);
    expect(await history(customer)).toMatchObject([{ version: 1 }]);
    expect(await readCustomer(database.storage, customer)).toMatchObject({
      version: 1,
      activity: { totals: { GBP: { sales: 2, minor: 350 } } },
    });
    await deliver(till.claim({ givenName: "Anne" }, [card]).fragment);
    expect(await history(customer)).toMatchObject([{ version: 1 }, { version: 2 }]);
    expect(await decisionsOf(database.storage)).toEqual([{ kind: "golden", customer, version: 2 }]);
  });

  test("GLD1 each value names its winner, losers, rule and event", async () => {
    const [one, two] = [createTill("till-1"), createTill("till-2")];
    await deliver(one.claim({ givenName: "Ann" }, [card], minutes(1)).fragment);
    await deliver(two.claim({ givenName: "Anna" }, [card], minutes(2)).fragment);
    const customer = await readCustomer(database.storage, customerIdOf(card));
    expect(customer?.golden.fields.givenName).toMatchObject({
      value: "Anna",
      event: "till-2/1/1",
      rule: "most_recent",
      losers: [{ value: "Ann", event: "till-1/1/1" }],
    });
  });

  test("GLD2 the golden record is the shared profile function over the customer's source records", async () => {
    const [one, two] = [createTill("till-1"), createTill("till-2")];
    await deliver(
      one.claim({ givenName: "Ann", email: "ann@example.org" }, [mail], minutes(1)).fragment,
      two.claim({ givenName: "A.", phone: "+441632960001" }, [card, mail], minutes(2)).fragment,
      two.sale(700, [card], minutes(3)).fragment,
    );
    const rows = await rowsOf(database.storage, "select id, contribution from source_record");
    const profile = buildProfile(
      rows.map((row) => contributionIn(row)),
      DEFAULT_POLICY,
    );
    const customer = await readCustomer(database.storage, customerIdOf(mail));
    const { fields, keys, consents, asOf, totals, recent, notes } = profile;
    expect(customer?.golden).toEqual({ fields, keys, consents });
    expect(customer?.activity).toEqual({ asOf, totals, recent, notes, ...activityIn(profile) });
  });
});
