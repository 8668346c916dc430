import { describe, expect, test } from "vitest";
import { captures, map, track } from "../testing/segment.ts";

describe("who it is about", () => {
  test("traits are fields where they are ours, else traits; nested ones have dotted names", () => {
    const traits = {
      email: "ada@example.com",
      phone: "030 1234567",
      name: "Ada Lovelace",
      birthday: "1990-12-10",
      plan: "gold",
      visits: 3,
      isVip: true,
      company: { name: "Engines", size: { min: 5 } },
      tags: ["a"],
      avatar: null,
      address: { street: "1 High St", city: "London", postalCode: "N1", state: "", country: "GB" },
    };
    const context = { locale: "en-GB", ip: "8.8.8.8", userAgent: "Mozilla" };
    const [claim] = captures("identify", { traits, context });
    expect(claim).toEqual({
      kind: "claim",
      key: "segment:m-1",
      at: "2026-05-01T12:00:00.000Z",
      customer: {
        userId: "u-1",
        anonymousIds: ["a-1"],
        language: "en-GB",
        email: "ada@example.com",
        phone: "030 1234567",
        givenName: "Ada",
        familyName: "Lovelace",
        birthDate: "1990-12-10",
        address: {
          line1: "1 High St",
          city: "London",
          postalCode: "N1",
          region: "",
          country: "GB",
        },
        traits: {
          plan: "gold",
          visits: 3,
          isVip: true,
          "company.name": "Engines",
          "company.size.min": 5,
        },
      },
    });
  });

  test("SEC2: address of the network, browser and e-mails of others are nowhere", () => {
    const context = { ip: "8.8.8.8", userAgent: "Mozilla", traits: { email: "ada@example.com" } };
    const properties = {
      invitee_email: "bob@example.com",
      phone: "0301",
      recipient: "Bob",
      role: "Owner",
    };
    const said = captures("track", { event: "Invite Sent", context, properties });
    expect(JSON.stringify(said)).not.toMatch(/8\.8\.8\.8|Mozilla|bob@|0301|"Bob"/);
    expect(said).toMatchObject([
      { customer: { email: "ada@example.com" }, properties: { role: "Owner" } },
    ]);
  });

  test("nobody is a failure", () => {
    const nobody = { userId: "", anonymousId: null };
    expect(map("track", { ...nobody, event: "A" })).toEqual({
      ok: false,
      reason: { code: "no_identity" },
    });
  });

  test("an alias makes two ids one person", () => {
    expect(captures("alias", { anonymousId: undefined, previousId: "before" })).toMatchObject([
      { kind: "claim", customer: { userId: "u-1", anonymousIds: ["before"] } },
    ]);
    expect(map("alias", {})).toMatchObject({
      reason: { code: "missing_field", field: "previousId" },
    });
    expect(map("alias", { userId: undefined, previousId: "x" })).toMatchObject({
      reason: { code: "missing_field", field: "userId" },
    });
  });

  test("what is said of a group stands at its members", () => {
    const traits = { name: "Initech", industry: "Technology" };
    expect(captures("group", { groupId: "g-1", traits })).toMatchObject([
      {
        kind: "behaviour",
        type: "group",
        customer: {
          traits: { "group.id": "g-1", "group.name": "Initech", "group.industry": "Technology" },
        },
        properties: { groupId: "g-1", name: "Initech" },
      },
    ]);
  });

  test("CON1: categories of a consent banner are purposes; of two for one purpose the withdrawal counts", () => {
    const categoryPreferences = {
      Advertising: true,
      "Social Media": false,
      Marketing: true,
      Analytics: true,
      C0003: true,
      Other: true,
      constructor: true,
      Performance: "yes",
    };
    const [claim] = captures("identify", { context: { consent: { categoryPreferences } } });
    expect(claim?.consents).toMatchObject([
      { purpose: "marketing", channel: "any", state: "withdrawn" },
      { purpose: "profiling", channel: "any", state: "granted" },
      { purpose: "service", channel: "any", state: "granted" },
    ]);
    const context = { consent: { categoryPreferences: { marketing: false } } };
    expect(
      captures("track", { event: "Segment Consent Preference Updated", context })[0]?.consents,
    ).toHaveLength(1);
    expect(captures("page", { context })[0]?.consents).toBeUndefined();
  });
});

describe("what somebody did", () => {
  test("a page is its path, never its query", () => {
    const properties = {
      url: "https://shop.example/a/b?email=ada@example.com#x",
      search: "?email=ada",
      referrer: "https://x.example/?q=ada",
    };
    expect(captures("page", { name: "Home", properties })).toMatchObject([
      {
        type: "page",
        name: "Home",
        page: "/a/b",
        properties: { url: "https://shop.example/a/b", referrer: "https://x.example/" },
      },
    ]);
    const context = { page: { path: "/cart?x=1" } };
    expect(captures("screen", { context })).toMatchObject([
      { type: "screen", name: "Screen", page: "/cart" },
    ]);
    expect(JSON.stringify(captures("page", { properties }))).not.toContain("ada");
  });

  test("a product that was looked at is an item, whatever its price says", () => {
    expect(
      track("Product Viewed", { product_id: 507, name: "Monopoly", price: "a lot", quantity: 1 }),
    ).toMatchObject([
      {
        kind: "behaviour",
        name: "Product Viewed",
        items: [{ sku: "507", description: "Monopoly", quantity: "1" }],
      },
    ]);
    expect(
      track("Products Searched", { query: "lamp", products: [{ sku: "A", price: 1.1 }, 7] }),
    ).toMatchObject([{ items: [{ sku: "A", unitPrice: "1.1" }], properties: { query: "lamp" } }]);
  });

  test("what goes into a cart and out of it changes the cart", () => {
    const product = { cart_id: "c-1", sku: "A", price: 2.5, quantity: 2 };
    expect(track("Product Added", product)).toMatchObject([
      { kind: "behaviour", key: "segment:m-1" },
      {
        kind: "cart",
        key: "segment:m-1/cart",
        cart: "c-1",
        change: "add",
        items: [{ sku: "A", quantity: "2", unitPrice: "2.5" }],
      },
    ]);
    expect(track("Product Removed", product)).toMatchObject([{}, { change: "remove" }]);
    expect(track("Cart Viewed", { products: [product] })).toMatchObject([
      {},
      { cart: "a-1", change: "set", items: [{ sku: "A" }] },
    ]);
    expect(track("Checkout Started", { cart_id: "c-2", products: [] })).toMatchObject([
      {},
      { cart: "c-2", change: "set", items: [] },
    ]);
    expect(track("Cart Shared", product)).toMatchObject([{ kind: "behaviour" }]);
    expect(track("Coupon Applied", { coupon_id: "may" })).toMatchObject([
      { properties: { coupon_id: "may" } },
    ]);
  });

  test("without a cart's name and a browser there is no cart", () => {
    expect(
      captures("track", {
        anonymousId: undefined,
        event: "Product Added",
        properties: { sku: "A" },
      }),
    ).toHaveLength(1);
  });

  test("names that the account ignores say nothing", () => {
    expect(track("Heartbeat")).toEqual([]);
    expect(captures("page", { name: "Heartbeat" })).toEqual([]);
  });

  test("an event without a name, and a call that there is not, are failures", () => {
    expect(map("track", {})).toMatchObject({ reason: { code: "missing_field", field: "event" } });
    expect(map("unknown", {})).toMatchObject({ reason: { code: "unknown_topic" } });
  });
});
