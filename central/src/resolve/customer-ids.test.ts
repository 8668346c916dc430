/** Customer ids over joins: who survives, what redirects, and what the edge is told (IDN1, IDN7). */
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readCustomer } from "../console/customers/customer.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { decisionsOf, stateOf } from "../testing/state.ts";
import { createTill, fragmentsOf, keyOf, START_MS } from "../testing/till.ts";
import { createIntake, type Intake } from "../intake/intake.ts";
import type { ArrivedFragment } from "../intake/source-record.ts";
import { MATCHING } from "../testing/matching.ts";

const card = keyOf("loyalty", "1001");
const mail = keyOf("email", "ann@example.org");
const phone = keyOf("phone", "+441632960001");
const minutes = (count: number): number => START_MS + count * 60_000;

describe.each(DATABASES)("customer ids in $name", ({ open }) => {
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
  const feed = () =>
    rowsOf(database.storage, "select type, customer, previous from feed order by n");

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
    const crosswalk = await rowsOf(database.storage, "select id, unit from source_record");
    const recordOf = new Map(crosswalk.map((row) => [row["unit"], row["id"]]));
    const third = `till-3/1/${card}`;
    const evidence = links.map((link) => {
      const ends = [link["a"], link["b"]].map((unit) => String(recordOf.get(unit ?? "")));
      return [link["by"], ...ends.toSorted((x, y) => (x < y ? -1 : 1))].join(" ");
    });
    expect(new Set(evidence)).toEqual(
      new Set([
        [mail, `till-1/1/${mail}`, third].join(" "),
        [card, `till-2/1/${card}`, third].join(" "),
      ]),
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

  test("IDN7 a fragment that a redirect would have brought is fetched when the redirect is withdrawn", async () => {
    const [one, two] = [createTill("till-1"), createTill("till-2")];
    const second = keyOf("phone", "+441632960002");
    const margaret = { givenName: "Margaret", birthDate: "1970-02-03" };
    const oliver = { givenName: "Oliver", birthDate: "2001-11-19" };
    const early = one.claim(margaret, [phone], minutes(2)).fragment;
    await deliver(early, one.claim(margaret, [second, phone], minutes(3)).fragment);
    const [w, x] = [customerIdOf(second), customerIdOf(phone)];
    expect(await decisionsOf(database.storage)).toContainEqual({
      kind: "redirect",
      from: w,
      to: x,
    });
    // Somebody else, whose number it was before: the id is theirs, and the edge may never have heard of the redirect.
    await deliver(two.claim(oliver, [second], minutes(1)).fragment);
    const decisions = await decisionsOf(database.storage);
    expect(decisions).not.toContainEqual({ kind: "redirect", from: w, to: x });
    const assign = { kind: "assign", key: second, from: w, to: x, source: "till-1", epoch: 1 };
    expect(decisions).toContainEqual(assign);
  });
});
