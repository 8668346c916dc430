import type { EventKind } from "@regulars/shared/events/event";
import { customerIdOf } from "@regulars/shared/ids";
import { identityKeysOf } from "@regulars/shared/identity/key";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { ignoreOf, pinOf } from "../golden/overrides.ts";
import { recomputeCustomers } from "../golden/recompute.ts";
import { IDENTITY, openTestApp, PERSON, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import { createTill, eventsOf, fragmentsOf, keyOf, START_MS } from "../testing/till.ts";

const card = keyOf("loyalty", "1001");

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

async function customerOf(claims: object): Promise<string> {
  const till = createTill("till-1");
  till.claim(claims, [card]);
  till.sale(1_234_567, [card]);
  await central.post(
    "/v1/intake/events",
    eventsOf(
      "store-1",
      till.captured.map(({ item }) => item),
    ),
  );
  await central.post("/v1/intake/fragments", fragmentsOf([till.captured[1]!.fragment!]));
  return customerIdOf(card);
}

test("GLD1 the customer page names the source of each value", async () => {
  const page = await (
    await central.page(`/customers/${await customerOf({ givenName: "Ann" })}`)
  ).text();
  expect(page).toContain("<h1>Ann</h1>");
  expect(page).toContain("store-1 · till-1 #1");
  expect(page).toContain("21 Nov 2026, 09:00");
  expect(page).toContain("Most recent");
  expect(page).toContain("£12,345.67");
});

test("GLD1 the customer page says what a steward has pinned, what does not count, and by whom", async () => {
  const id = await customerOf({ givenName: "Ann", familyName: "Smith" });
  const which = { fragment: `till-1/1/${card}`, stamp: "01a1fd5664e0-0000-steward/1", by: "Eve" };
  const added = [
    pinOf({ id: "d1", field: "givenName", value: "Annie", ...which }),
    ignoreOf({ id: "d2", field: "familyName", ...which, event: "till-1/1/1" }),
  ];
  const other = createTill("till-2").claim({ familyName: "Smythe" }, [card], START_MS).fragment!;
  await central.post("/v1/intake/fragments", fragmentsOf([other]));
  await central.storage.write(
    await recomputeCustomers(central.storage, [id], DEFAULT_POLICY, START_MS, {
      pending: { added },
      cause: { kind: "decision", decision: "d1" },
    }),
  );
  const page = await (await central.page(`/customers/${id}`)).text();
  expect(page).toContain("<h1>Annie Smythe</h1>");
  expect(page).toContain("Pinned by Eve");
  expect(page).toContain("decision d1");
  expect(page).toContain("<s>Smith</s>");
  expect(page).toContain("does not count, by Eve");
  expect(page).toContain("Given name: Ann → Annie");
  expect(page).toContain("by decision d1");
});

test("the customer page tells what shop, app and programs say, in words", async () => {
  const shop = createTill("web-uk-shop", { store: "web-uk" });
  const capture = (kind: EventKind, body: object) => shop.capture({ kind, subject: [card], body });
  const item = { sku: "A1", description: "Tea", quantity: "2" };
  capture("claim", { claims: {}, traits: { plan: "gold", visits: 1_204, vip: true } });
  capture("behaviour", { type: "page", name: "Teas", page: "/teas", items: [item] });
  capture("cart", { cart: "c1", change: "set", items: [item], currency: "GBP", totalMinor: 790 });
  capture("cart", { cart: "c2", change: "set", items: [{ sku: "gone" }] });
  capture("cart", { cart: "c2", change: "ordered", items: [] });
  const order = { order: "4501", number: "#1001", currency: "GBP", totalMinor: 1_580, lines: 2 };
  capture("order", { ...order, state: "placed" });
  capture("loyalty", { program: "club", balancePoints: 1_150 });
  const receipt = { receipt: "W-1", currency: "GBP", lines: [], tenders: [], totalMinor: 1_580 };
  capture("sale", { ...receipt, order: "4501", shop: "web-uk" });
  const items = shop.captured.map(({ item: each }) => each);
  await central.post("/v1/intake/events", eventsOf("web-uk", items));
  await central.post("/v1/intake/fragments", fragmentsOf([shop.captured.at(-1)!.fragment!]));
  const page = await (await central.page(`/customers/${customerIdOf(card)}`)).text();
  for (const words of ["gold", "1,204", "Yes", "Page: Teas", "/teas", "2 × Tea", "£7.90"]) {
    expect(page).toContain(words);
  }
  for (const words of ["#1001", "Placed, not paid", "£15.80", "order 4501", "1,150", "club"]) {
    expect(page).toContain(words);
  }
  expect(page).not.toContain("gone");
  expect(page).toContain("web-uk · web-uk-shop #1");
  const totals = await (await central.get("/v1/totals", PERSON)).json();
  expect(totals).toMatchObject({
    events: { behaviour: 1, cart: 3, order: 1, loyalty: 1, claim: 1, sale: 1 },
    money: { GBP: { sale: 1_580 } },
  });
  expect(await (await central.page("/sources")).text()).toContain("All 8 rows are golden");
});

test("totals of some tills alone leave out what others have brought", async () => {
  await customerOf({ givenName: "Ann" });
  const other = createTill("till-9", { store: "store-1" });
  other.sale(100, [card]);
  await central.post("/v1/intake/events", eventsOf("store-1", [other.captured[0]!.item]));
  const totalsOf = async (query: string): Promise<unknown> =>
    (await central.get(`/v1/totals${query}`, PERSON)).json();
  expect(await totalsOf("")).toMatchObject({ money: { GBP: { sale: 1_234_667 } } });
  expect(await totalsOf("?source=till-1")).toMatchObject({
    events: { sale: 1, claim: 1 },
    money: { GBP: { sale: 1_234_567 } },
  });
  expect(await totalsOf("?source=till-9")).toMatchObject({ events: { sale: 1 } });
  expect(await totalsOf("?source=till-1&source=till-9")).toEqual(await totalsOf(""));
  expect((await central.get("/v1/totals?source=NO%20ID", PERSON)).status).toBe(422);
});

test("values are text on a page, whatever they look like, and the page may run nothing", async () => {
  const attack = `"><script>alert(1)</script>`;
  const id = await customerOf({
    givenName: attack,
    familyName: attack,
    address: { city: attack },
  });
  for (const path of ["/", `/customers/${id}`]) {
    const response = await central.page(path);
    expect(await response.text()).not.toMatch(/<script(?! src="\/console\/)/); // none of the page itself
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(response.headers.get("cache-control")).toBe("no-store");
  }
});

test("SEC2 a customer is found by what is posted, and the address that follows holds only the id", async () => {
  const { keys } = identityKeysOf({ email: "Ann@Example.org" }, IDENTITY);
  const till = createTill("till-1");
  await central.post(
    "/v1/intake/fragments",
    fragmentsOf([till.sale(5, [card, ...keys]).fragment!]),
  );
  for (const typed of [" ann@example.org", "1001", "10-01", customerIdOf(card)]) {
    const response = await central.find(typed);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`/customers/${customerIdOf(card)}`);
  }
  const nobody = await central.find("eve@example.org");
  expect(nobody.status).toBe(200);
  expect(await nobody.text()).not.toContain("eve@example.org");
  expect((await central.find("")).status).toBe(200);
  expect((await central.find("x".repeat(300))).status).toBe(422);
  expect((await central.find("x".repeat(9_000))).status).toBe(413);
});

test("IDN7 the page of an id that redirects leads to the customer", async () => {
  const [one, two] = [createTill("till-1"), createTill("till-2")];
  const mail = keyOf("email", "ann@example.org");
  const first = one.sale(100, [mail]).fragment!;
  const second = two.sale(100, [card, mail]).fragment!;
  await central.post("/v1/intake/fragments", fragmentsOf([first, second]));
  const [kept, lost] = [mail, card].map((key) => customerIdOf(key));
  const isKept = first.customer === kept;
  const response = await central.page(`/customers/${lost}`);
  expect(isKept && response.status).toBe(302);
  expect(response.headers.get("location")).toBe(`/customers/${kept}`);
  expect((await central.page("/customers/nobody")).status).toBe(404);
});

test("long lists come in pages that follow each other without a gap", async () => {
  const till = createTill("till-1");
  const fragments = Array.from(
    { length: 60 },
    (_, at) => till.sale(100, [keyOf("loyalty", String(at))]).fragment!,
  );
  await central.post("/v1/intake/fragments", fragmentsOf(fragments));
  const seen: string[] = [];
  for (let path: string | undefined = "/customers"; path !== undefined;) {
    const page = await (await central.page(path)).text();
    seen.push(...page.matchAll(/href="\/customers\/(c[\w-]+)"/g).map(([, id]) => id ?? ""));
    const next: RegExpExecArray | null = /href="([^"]+)">Next/.exec(page);
    path = next?.[1]?.replaceAll("&amp;", "&");
  }
  expect(seen).toEqual(fragments.map(({ key }) => customerIdOf(key)).toReversed());
});
