import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { numberOf, rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createIntake, type Intake } from "../intake/intake.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../testing/database.ts";
import { MATCHING } from "../testing/matching.ts";
import { createTill, fragmentsOf, keyOf } from "../testing/till.ts";

const VICTIM = {
  givenName: "Philippa",
  familyName: "Thistlethwaite",
  birthDate: "1971-03-09",
  email: "pippa@example.com",
  phone: "+447911123456",
  address: { line1: "12 High Street", city: "Leeds", postalCode: "LS1 1AA", country: "GB" },
};
const victimKey = keyOf("loyalty", "1001");
const attackerKey = keyOf("user", "shop/mallory");

let database: TestDatabase;
let intake: Intake;
beforeAll(async () => {
  database = await DATABASES[0]!.open();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyDatabase(database.storage);
  intake = createIntake({
    storage: database.storage,
    policy: DEFAULT_POLICY,
    matching: MATCHING,
    nowMs: () => 7,
    onTaken: () => {},
  });
});

/** How many customers there are once somebody with an account has said all this of themselves. */
async function customersAfter(said: object): Promise<number> {
  const till = createTill("till-1").claim(VICTIM, [victimKey]);
  const app = createTill("app-1").capture({ kind: "claim", subject: [attackerKey], body: said });
  await intake.fragments(fragmentsOf([till.fragment!, app.fragment!]));
  const [row = {}] = await rowsOf(
    database.storage,
    "select count(*) as n from customer where redirect_to is null",
  );
  return numberOf(row, "n");
}

test("IDN3: what a till was told joins two records that agree in everything: the case that must not be open to an app", async () => {
  expect(await customersAfter({ claims: VICTIM })).toBe(1);
});

test("IDN3: whoever says somebody else's name, birthday and contact of themselves does not become that customer", async () => {
  expect(await customersAfter({ claims: VICTIM, own: true })).toBe(2);
});

test("IDN3: once it was checked, it is evidence like any other", async () => {
  expect(await customersAfter({ claims: VICTIM, own: true, verified: true })).toBe(1);
});
