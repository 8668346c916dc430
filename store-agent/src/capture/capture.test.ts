import { eventSchema } from "@regulars/shared/events/event";
import { identityKeyOf } from "@regulars/shared/identity/key";
import { customerIdOf } from "@regulars/shared/ids";
import { expect, test } from "vitest";
import { IDENTITY, sale, SOURCE } from "../../testing/settings.ts";
import { journalOf, openTill } from "../../testing/till.ts";

const ada = { email: " Ada@Example.org", phone: "07911 123456", givenName: "Ada" };
const adaKey = identityKeyOf("email", "ada@example.org", IDENTITY.pepper);

test("CAP5: a line is quantity × unit price, rounded half away from zero; times are UTC and the store's day", async () => {
  const till = await openTill();
  await till.captured(
    sale({
      at: "2026-06-01T23:30:00-01:00",
      lines: [
        { sku: "a", quantity: "3", unitPrice: "0.335" },
        { sku: "b", quantity: "-1", unitPrice: "0.125", at: "2026-06-02T00:31:00Z" },
        { sku: "c", quantity: "2", unitPrice: "1.50", at: "2026-06-02T00:30:00Z" },
      ],
      tenders: [{ type: "cash", amountMinor: 1 }],
    }),
  );
  const [row] = await journalOf(till.storage);
  const event = eventSchema.parse(JSON.parse(row?.body ?? ""));
  expect(event).toMatchObject({
    at: "2026-06-02T00:30:00.000Z",
    businessDay: "2026-06-02",
    zone: "Europe/London",
    body: { currency: "GBP", totalMinor: 101 - 13 + 300 },
    flags: ["tenders_differ", "negative_quantity", "two_timestamps", "fraction_of_minor"],
  });
});

test("CAP4: what does not normalise is flagged, kept as typed in a claim, and merged nowhere", async () => {
  const till = await openTill();
  const answer = await till.captured(
    sale({
      customer: { email: "ada(at)example", phone: "07911 123456", birthDate: "31.02.1999" },
      consents: [{ purpose: "marketing", channel: "telex", state: "granted" }],
    }),
  );
  expect(answer.flags).toEqual(["doubtful_field"]);
  const rows = await journalOf(till.storage);
  expect(rows.map(({ kind }) => kind)).toEqual(["sale", "claim"]);
  expect(JSON.parse(rows[1]?.body ?? "")).toMatchObject({
    subject: [identityKeyOf("phone", "+447911123456", IDENTITY.pepper)],
    body: {
      claims: { phone: "+447911123456" },
      doubtful: { email: "ada(at)example", birthDate: "31.02.1999" },
    },
  });
  const [found] = await till.lookup("07911 123456");
  expect(found?.profile.fields.email).toBeUndefined();
  expect(found?.profile.fields.birthDate).toBeUndefined();
});

test("CAP4 GLD1: a value that was repaired says so in the profile, one that was given as it stands does not", async () => {
  const till = await openTill();
  const customer = { phone: "07911 123456", givenName: "Ada", birthDate: "31.12.1999" };
  await till.captured(sale({ customer }));
  const [found] = await till.lookup("07911 123456");
  expect(found?.profile.fields.birthDate).toMatchObject({ value: "1999-12-31", repaired: true });
  expect(found?.profile.fields.givenName?.repaired).toBeUndefined();
});

test("CAP4 SEC2: a field that is nested deeper than it can be written down does not stop the sale", async () => {
  const till = await openTill();
  const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
  const answer = await till.captured(sale({ customer: { givenName: deep }, consents: deep }));
  expect(answer.flags).toEqual(["doubtful_field"]);
});

test.each([[undefined], [null], [42], ["Ada"], [[]], [{ email: { a: 1 } }], [{ phone: "x" }]])(
  "CAP4: a sale is not refused for its customer part: %j",
  async (customer) => {
    const till = await openTill();
    const answer = await till.captured(sale({ customer }));
    expect(answer).toMatchObject({ receipt: `${SOURCE}-1-000001`, customer: null });
  },
);

test("CAP4: a malformed sale is refused with the field and the reason, and without the value", async () => {
  const till = await openTill();
  const answers = await Promise.all([
    till.capture({ kind: "sale" }),
    till.capture(sale({ lines: [{ sku: "a", quantity: "1", amountMinor: 1.5 }] })),
    till.capture(sale({ lines: [{ sku: "a", quantity: "one", unitPrice: "1" }] })),
    till.capture(sale({ lines: [{ sku: "a", quantity: "9".repeat(20), unitPrice: "1" }] })),
    till.capture({ kind: "note", text: "likes blue", customer: { email: "ada(at)example" } }),
  ]);
  expect(answers.map((answer) => (answer.ok ? null : answer.reason.errors?.[0]?.field))).toEqual([
    "lines",
    "lines.0.amountMinor",
    "lines.0.quantity",
    "lines.0.unitPrice",
    "customer",
  ]);
  expect(JSON.stringify(answers)).not.toMatch(/ada\(at\)|"one"/);
  expect(await journalOf(till.storage)).toEqual([]);
});

test("a claim is captured only when the till's own fragment does not say it yet", async () => {
  const till = await openTill();
  await till.captured(sale({ customer: ada }));
  await till.captured(sale({ customer: ada }));
  await till.captured(sale({ customer: { ...ada, givenName: "Augusta" } }));
  const rows = await journalOf(till.storage);
  expect(rows.map(({ kind }) => kind)).toEqual(["sale", "claim", "sale", "sale", "claim"]);
  expect(JSON.parse(rows[4]?.body ?? "")).toMatchObject({
    body: { claims: { givenName: "Augusta" } },
  });
});

test("GLD1: a claim that was checked says so", async () => {
  const till = await openTill();
  await till.captured({ kind: "claim", customer: ada, verified: true });
  await till.captured({ kind: "claim", customer: ada });
  const bodies = (await journalOf(till.storage)).map(
    ({ body }) => JSON.parse(body ?? "") as object,
  );
  expect(bodies).toMatchObject([{ body: { verified: true } }, { body: {} }]);
  expect(bodies[1]).not.toHaveProperty("body.verified");
});

test("a void takes the receipt's money back from the receipt's customer, once", async () => {
  const till = await openTill();
  const sold = await till.captured(sale({ customer: ada, externalId: "C536379" }));
  const first = await till.captured({ kind: "void", voids: "C536379" });
  expect(first.customer).toBe(customerIdOf(adaKey));
  const rows = await journalOf(till.storage);
  expect(JSON.parse(rows.at(-1)?.body ?? "")).toMatchObject({
    body: { voids: sold.receipt, currency: "GBP", totalMinor: -250 },
  });
  const again = await till.capture({ kind: "void", voids: sold.receipt });
  const unknown = await till.capture({ kind: "void", voids: "till-1-1-999999" });
  expect([again, unknown].map((answer) => (answer.ok ? null : answer.reason.reason))).toEqual([
    "conflict",
    "invalid_field",
  ]);
  const [found] = await till.lookup("ada@example.org");
  expect(found?.profile.totals["GBP"]).toEqual({ sales: 0, returns: 0, minor: 0 });
});

test("GLD2: a till shows the traits that it was told, tells each once, and which order a sale paid", async () => {
  const till = await openTill();
  const customer = { ...ada, traits: { plan: "gold", visits: 3 } };
  const paid = { order: "4501", shop: "web-uk" };
  await till.captured(sale({ customer, ...paid }));
  await till.captured(sale({ customer: { ...customer, traits: { plan: "gold", visits: 4 } } }));
  await till.captured(sale({ customer: { ...customer, traits: { plan: "gold" } } }));
  const rows = await journalOf(till.storage);
  expect(rows.map(({ kind }) => kind)).toEqual(["sale", "claim", "sale", "claim", "sale"]);
  const bodies = rows.map(({ body }) => eventSchema.parse(JSON.parse(body)).body);
  expect(bodies[0]).toMatchObject(paid);
  expect(bodies[3]).toEqual({ claims: {}, traits: { visits: 4 } });
  const [found] = await till.lookup("ada@example.org");
  expect(found?.profile.traits).toMatchObject({
    plan: { value: "gold", event: `${SOURCE}/1/2` },
    visits: { value: 4, event: `${SOURCE}/1/4` },
  });
  expect(found?.profile.recent.at(-1)).toMatchObject(paid);
});
