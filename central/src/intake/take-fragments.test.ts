import { base64ToBytes, bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { contributionSchema } from "@regulars/shared/fragment/contribution";
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { buildProfile } from "@regulars/shared/survivorship/profile";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readCustomer } from "../console/customer.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { decisionsOf, stateOf } from "../testing/state.ts";
import { createTill, fragmentsOf, keyOf, START_MS } from "../testing/till.ts";
import { createIntake, type Intake } from "./intake.ts";
import type { ArrivedFragment } from "./source-record.ts";

const card = keyOf("loyalty", "1001");
const mail = keyOf("email", "ann@example.org");
const phone = keyOf("phone", "+441632960001");
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
    intake = createIntake({ storage, policy: DEFAULT_POLICY, nowMs: () => 7, onTaken: () => {} });
  });

  const deliver = (...fragments: (ArrivedFragment | null)[]) =>
    intake.fragments(fragmentsOf(fragments.filter((each) => each !== null)));
  const feed = () =>
    rowsOf(database.storage, "select type, customer, previous from feed order by n");
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

  test("IDN1 joining adds a link with its key and changes no source record but the customer it points to", async () => {
    const [one, two] = [createTill("till-1"), createTill("till-2")];
    const a = one.sale(100, [mail], minutes(1)).fragment;
    const b = two.sale(200, [card], minutes(2)).fragment;
    const records = () =>
      rowsOf(
        database.storage,
        "select id, clock, seq, sha256, hex(state) as state, contribution from source_record order by id",
      );
    await deliver(a, b);
    const before = await records();
    expect((await stateOf(database.storage)).links).toEqual([]);
    const bridge = createTill("till-3").sale(300, [card, mail], minutes(3)).fragment;
    await deliver(bridge);
    const after = (await records()).filter((row) => row["id"] !== `till-3/1/${card}`);
    expect(after).toEqual(before);
    const { links, customers } = await stateOf(database.storage);
    expect(links).toEqual(
      [
        { key: mail, record_a: `till-1/1/${mail}`, record_b: `till-3/1/${card}` },
        { key: card, record_a: `till-2/1/${card}`, record_b: `till-3/1/${card}` },
      ].toSorted((x, y) => (x.key < y.key ? -1 : 1)),
    );
    expect(customers.filter((row) => row["redirect_to"] === null)).toHaveLength(1);
  });

  test("IDN7 the oldest id survives, losers redirect straight to it for ever, and the feed tells in order", async () => {
    const till = createTill("till-1");
    const byPhone = till.sale(100, [phone], minutes(1));
    const byMail = till.sale(100, [mail], minutes(2));
    const byCard = till.sale(100, [card], minutes(3));
    const [p, m, c] = [phone, mail, card].map((key) => customerIdOf(key));
    await deliver(byCard.fragment);
    await deliver(byMail.fragment);
    await deliver(till.sale(100, [card, mail], minutes(4)).fragment); // c joins m
    await deliver(byPhone.fragment);
    await deliver(till.sale(100, [mail, phone], minutes(5)).fragment); // both join p
    expect(await feed()).toEqual([
      { type: "created", customer: c, previous: null },
      { type: "created", customer: m, previous: null },
      { type: "merged", customer: m, previous: c },
      { type: "created", customer: p, previous: null },
      { type: "merged", customer: p, previous: m },
    ]);
    for (const id of [p, m, c]) {
      expect(await readCustomer(database.storage, id!)).toMatchObject({ customer: p });
    }
    const { customers, records } = await stateOf(database.storage);
    expect(new Set(records.map((row) => row["customer"]))).toEqual(new Set([p]));
    const redirectById = new Map(customers.map((row) => [row["id"], row["redirect_to"]]));
    expect(redirectById).toEqual(
      new Map<unknown, unknown>([
        [p, null],
        [m, p],
        [c, p],
      ]),
    );
    const decisions = (await decisionsOf(database.storage)) as { kind: string }[];
    expect(decisions.filter(({ kind }) => kind === "redirect")).toEqual(
      expect.arrayContaining([
        { kind: "redirect", from: m, to: p },
        { kind: "redirect", from: c, to: p },
      ]),
    );
  });

  test("IDN7 an id whose earliest sale arrives late becomes the active one again", async () => {
    const [online, offline] = [createTill("till-1"), createTill("till-2")];
    const [m, c] = [customerIdOf(mail), customerIdOf(card)];
    const early = offline.sale(100, [card], minutes(1)).fragment;
    await deliver(online.sale(100, [mail], minutes(2)).fragment);
    await deliver(online.sale(100, [card, mail], minutes(3)).fragment);
    expect(await readCustomer(database.storage, c)).toMatchObject({ customer: m, version: 2 });
    await deliver(early);
    expect(await readCustomer(database.storage, m)).toMatchObject({ customer: c, version: 1 });
    expect((await feed()).slice(-2)).toEqual([
      { type: "merged", customer: m, previous: c },
      { type: "merged", customer: c, previous: m },
    ]);
    const decisions = (await decisionsOf(database.storage)) as { kind: string }[];
    expect(decisions.filter(({ kind }) => kind === "redirect")).toEqual([
      { kind: "redirect", from: m, to: c },
    ]);
  });

  test("IDN7 a fragment that the edge has put elsewhere is assigned as often as the old id returns", async () => {
    const till = createTill("till-1");
    const wrong = customerIdOf(keyOf("loyalty", "9"));
    const first = till.sale(100, [card]).fragment!;
    const second = till.sale(100, [card]).fragment!;
    await deliver({ ...first, customer: wrong });
    const assign = { kind: "assign", key: card, from: wrong, to: customerIdOf(card) };
    expect(await decisionsOf(database.storage)).toContainEqual(assign);
    await database.storage.write([{ sql: "delete from publication" }]);
    await deliver({ ...second, customer: wrong });
    await deliver({ ...first, customer: wrong });
    expect(await decisionsOf(database.storage)).toEqual([assign]);
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

  test("IDN7 an id that redirects to the right customer is no reason to assign, but to say so again", async () => {
    const till = createTill("till-1");
    await deliver(till.sale(100, [mail], minutes(1)).fragment);
    await deliver(till.sale(100, [card, mail], minutes(2)).fragment);
    await database.storage.write([{ sql: "delete from publication" }]);
    await deliver(till.sale(100, [card], minutes(3)).fragment); // still says customerIdOf(card)
    expect(await decisionsOf(database.storage)).toEqual([
      { kind: "redirect", from: customerIdOf(card), to: customerIdOf(mail) },
    ]);
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
    const rows = await rowsOf(database.storage, "select contribution from source_record");
    const profile = buildProfile(
      rows.map((row) => contributionSchema.parse(JSON.parse(textOf(row, "contribution")))),
      DEFAULT_POLICY,
    );
    const customer = await readCustomer(database.storage, customerIdOf(mail));
    const { fields, keys, consents, asOf, totals, recent, notes } = profile;
    expect(customer?.golden).toEqual({ fields, keys, consents });
    expect(customer?.activity).toEqual({ asOf, totals, recent, notes });
  });
});
