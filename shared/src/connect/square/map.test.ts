import { describe, expect, test } from "vitest";
import { capturesOf } from "../testing/hostile.ts";
import { eventOf, mapSaid, ORDER, SQUARE } from "../testing/square.ts";

describe("notifications", () => {
  test.each(["order.created", "order.updated", "order.fulfillment.updated"])(
    "%s asks for its order",
    (type) => {
      const event = eventOf(type, { [type.replaceAll(".", "_")]: { order_id: "o-1", version: 4 } });
      expect(mapSaid(type, event)).toEqual({
        ok: true,
        value: { needs: { path: "/v2/orders/o-1" } },
      });
      expect(capturesOf(mapSaid(type, event, SQUARE, { order: ORDER }))).toMatchObject([
        { key: "order:o-1@4" },
      ]);
      expect(mapSaid(type, event, SQUARE, { errors: [{ code: "NOT_FOUND" }] })).toMatchObject({
        reason: { code: "not_found" },
      });
    },
  );

  test("an id that leads elsewhere is asked for nowhere", () => {
    const event = eventOf("order.created", { order_created: { order_id: "../customers/x?" } });
    expect(mapSaid("order.created", event)).toEqual({
      ok: false,
      reason: { code: "bad_field", field: "data.id" },
    });
  });

  test("points that came or went ask for what their account says", () => {
    const event = eventOf("loyalty.event.created", {
      loyalty_event: { loyalty_account_id: "la-1" },
    });
    expect(mapSaid("loyalty.event.created", event)).toEqual({
      ok: true,
      value: { needs: { path: "/v2/loyalty/accounts/la-1" } },
    });
    const account = {
      id: "la-1",
      program_id: "pr",
      balance: 7,
      updated_at: "2026-04-30T10:00:00Z",
    };
    expect(
      capturesOf(mapSaid("loyalty.event.created", event, SQUARE, { loyalty_account: account })),
    ).toMatchObject([{ kind: "loyalty", program: "pr", balancePoints: 7 }]);
  });

  test("a customer is a claim; no year is no birthday; unsubscribed is a withdrawal", () => {
    const customer = {
      id: "c-1",
      version: 3,
      email_address: "a@example.com",
      birthday: "0000-05-01",
      company_name: "Engines",
      preferences: { email_unsubscribed: true },
    };
    const event = eventOf("customer.updated", { customer });
    expect(capturesOf(mapSaid("customer.updated", event))).toEqual([
      {
        kind: "claim",
        key: "customer:c-1@3",
        at: "2026-04-30T10:00:00.000Z",
        customer: { userId: "c-1", email: "a@example.com", traits: { company: "Engines" } },
        consents: [
          {
            purpose: "marketing",
            channel: "email",
            state: "withdrawn",
            evidence: { text: "Square: preferences.email_unsubscribed" },
          },
        ],
      },
    ]);
    expect(mapSaid("customer.created", eventOf("customer.created", {}))).toMatchObject({
      value: { needs: { path: "/v2/customers/id-1" } },
    });
    expect(capturesOf(mapSaid("customer.deleted", event))).toEqual([]);
  });

  test("topics that there are not, and messages without their thing, are failures", () => {
    expect(mapSaid("invoice.created", {})).toMatchObject({ reason: { code: "unknown_topic" } });
    expect(mapSaid("api", { menus: [] })).toMatchObject({ reason: { code: "unknown_topic" } });
    expect(mapSaid("payment.created", {})).toMatchObject({
      reason: { code: "missing_field", field: "data" },
    });
    expect(mapSaid("payment.created", eventOf("payment.created", {}))).toMatchObject({
      reason: { code: "missing_field", field: "data.object" },
    });
    expect(mapSaid("order.created", { data: { type: "order" } })).toMatchObject({
      reason: { code: "missing_field", field: "data.id" },
    });
  });
});
