import { describe, expect, test } from "vitest";
import { CHILD, clusterSaid, MOTHER, naming, reasonsOf, type Said } from "../testing/said.ts";
import { DEFAULT_MATCHING_POLICY, matchingPolicySchema } from "./policy.ts";

const BROWSER = "anonymous:browser";
const CART = "anonymous:cart";
const EMAIL = "email:a@x.example";
const ADA = "user:shop-ada";
const BOB = "user:shop-bob";
const ADA_IN_APP = "user:apps-ada";

const browsing: Said = { keys: naming(BROWSER) };
const by = (...keys: readonly string[]): Said => ({ keys: naming(...keys) });

/** Each of all orders in which few can arrive. */
const clustersOf = (said: Readonly<Record<string, Said>>): readonly (readonly string[])[] => {
  const names = Object.keys(said);
  const { clusters } = clusterSaid(said);
  for (let turn = 1; turn < names.length; turn++) {
    const order = [...names.slice(turn), ...names.slice(0, turn)].toReversed();
    const turned = Object.fromEntries(order.map((name) => [name, said[name] ?? {}]));
    expect(clusterSaid(turned).clusters).toEqual(clusters);
  }
  return clusters;
};

describe("IDN8 what was done before somebody said who they are", () => {
  test.each([ADA, EMAIL, "phone:+447700900123", "loyalty:77"])("is theirs: %s", (key) => {
    expect(clustersOf({ browsing, known: by(key, BROWSER) })).toEqual([["browsing", "known"]]);
  });

  test("also by a cart that the order names, and the browser that had the cart", () => {
    const said = {
      browsing,
      browser: by(BROWSER, CART),
      cart: by(CART),
      order: by(EMAIL, CART),
    };
    expect(clustersOf(said)).toEqual([["browser", "browsing", "cart", "order"]]);
  });

  test("in the app and in the browser, where both have one id: by the account", () => {
    const said = {
      app: { ...by(ADA, BROWSER), source: "app" },
      inApp: { ...browsing, source: "app" },
      web: { ...by(ADA, BROWSER), source: "web" },
      inWeb: { ...browsing, source: "web" },
    };
    expect(clustersOf(said)).toEqual([["app", "inApp", "inWeb", "web"]]);
  });

  test("is one visit, where nobody ever said it", () => {
    const said = { inWeb: { ...browsing, source: "web" }, inApp: { ...browsing, source: "app" } };
    expect(clustersOf(said)).toEqual([["inApp", "inWeb"]]);
  });
});

describe("IDN8 a device that two people were seen with", () => {
  test("joins neither, and what nobody claimed on it is nobody's", () => {
    const said = { ada: by(ADA, BROWSER), bob: by(BOB, BROWSER), browsing };
    expect(clustersOf(said)).toEqual([["ada"], ["bob"], ["browsing"]]);
    expect(reasonsOf(clusterSaid(said))).toEqual(["shared_device"]);
  });

  test("also where the two are only not known to be one", () => {
    const said = { ada: by(ADA, BROWSER), bob: by(EMAIL, BROWSER), browsing };
    expect(clustersOf(said)).toEqual([["ada"], ["bob"], ["browsing"]]);
    const known = { ...said, both: by(ADA, EMAIL) };
    expect(clustersOf(known)).toEqual([["ada", "bob", "both", "browsing"]]);
  });

  test("says nothing of each one's own", () => {
    const said = {
      ada: by(ADA, BROWSER, "anonymous:hers"),
      bob: by(BOB, BROWSER, "anonymous:his"),
      hers: by("anonymous:hers"),
      his: by("anonymous:his"),
      browsing,
    };
    expect(clustersOf(said)).toEqual([["ada", "hers"], ["bob", "his"], ["browsing"]]);
  });

  test("a kiosk with fifty accounts joins nobody, nor the carts that it had", () => {
    const accounts = Array.from({ length: 50 }, (_, n) => [`u${n}`, by(`user:shop-${n}`, BROWSER, `anonymous:c${n}`)] as const); // prettier-ignore
    const carts = naming(BROWSER, ...accounts.map((_, n) => `anonymous:c${n}`));
    const said = { ...Object.fromEntries(accounts), kiosk: { keys: carts }, browsing };
    const { clusters, links } = clusterSaid(said);
    expect(clusters).toHaveLength(52);
    expect(links).toEqual([]);
  });

  test("nor is it joined through its carts, when nobody named it", () => {
    const said = {
      kiosk: by(BROWSER, "anonymous:c1", "anonymous:c2"),
      one: by("email:1@x.example", "anonymous:c1"),
      two: by("email:2@x.example", "anonymous:c2"),
      cart: by("anonymous:c2"),
    };
    expect(clustersOf(said)).toEqual([["cart", "two"], ["kiosk"], ["one"]]);
  });

  test("nor what hangs together through several who are nobody", () => {
    const said = {
      ada: by(ADA, "anonymous:1"),
      first: by("anonymous:1", "anonymous:2"),
      middle: by("anonymous:2", "anonymous:3"),
      last: by("anonymous:3", "anonymous:4"),
      bob: by(BOB, "anonymous:4"),
    };
    expect(clustersOf(said).every(({ length }) => length === 1)).toBe(true);
  });

  test("a household shares a browser and a mailbox: two customers, by their accounts", () => {
    const said = {
      ada: by(ADA, EMAIL, BROWSER),
      bob: by(BOB, EMAIL, BROWSER),
      newsletter: by(EMAIL),
      browsing,
    };
    expect(clustersOf(said)).toEqual([["ada"], ["bob"], ["browsing"], ["newsletter"]]);
  });

  test("names that contradict each other are two people as well", () => {
    const said = { child: { ...by(BROWSER), says: CHILD }, mother: { ...by(EMAIL, BROWSER), says: MOTHER } }; // prettier-ignore
    expect(clustersOf(said)).toEqual([["child"], ["mother"]]);
  });

  test("IDN6 a steward's word keeps the browsing from whom it is not", () => {
    const said = { ada: by(ADA, BROWSER), browsing };
    const steward = [{ id: "s", a: "ada", b: "browsing", verdict: "different" as const }];
    const found = clusterSaid(said, { steward });
    expect(found.clusters).toEqual([["ada"], ["browsing"]]);
    expect(reasonsOf(found)).toEqual(["steward_different"]);
  });

  test("IDN6 and gives it to one of two", () => {
    const said = { ada: by(ADA, BROWSER), bob: by(BOB, BROWSER), browsing };
    const steward = [{ id: "s", a: "ada", b: "browsing", verdict: "same" as const }];
    expect(clusterSaid(said, { steward }).clusters).toEqual([["ada", "browsing"], ["bob"]]);
  });

  test("whoever has more of them than a person has keeps the first ones", () => {
    const { anonymous, ...keys } = DEFAULT_MATCHING_POLICY.keys;
    const limit = { values: 2, days: 365 };
    const policy = {
      ...DEFAULT_MATCHING_POLICY,
      keys: { ...keys, anonymous: { ...anonymous!, limit } },
    };
    const said = {
      known: { keys: { [ADA]: 1, "anonymous:2": 2, "anonymous:1": 1 } },
      second: { keys: { "anonymous:2": 2, "anonymous:3": 3 } },
      first: { keys: { "anonymous:1": 1 } },
    };
    const found = clusterSaid(said, { policy });
    expect(found.clusters).toEqual([["first", "known"], ["second"]]);
    expect(reasonsOf(found)).toEqual(["too_many_values"]);
    // But not from better evidence.
    const more = { ...said, other: { keys: { [ADA]: 1, "anonymous:8": 4, "anonymous:9": 5 } } };
    expect(clusterSaid(more, { policy }).clusters).toContainEqual(["known", "other"]);
  });
});

describe("IDN3 user ids", () => {
  test("of one realm are two people, of two realms may be one", () => {
    expect(clustersOf({ one: by(ADA, EMAIL), two: by(BOB, EMAIL) })).toEqual([["one"], ["two"]]);
    expect(clustersOf({ one: by(ADA, EMAIL), two: by(ADA_IN_APP, EMAIL) })).toEqual([["one", "two"]]); // prettier-ignore
  });

  test("a family's card with two accounts is nobody's but the card's", () => {
    const card = "loyalty:77";
    const said = { ada: by(card, ADA), bob: by(card, BOB), till: by(card) };
    expect(clustersOf(said)).toEqual([["ada"], ["bob"], ["till"]]);
    expect(reasonsOf(clusterSaid(said))).toEqual(["household"]);
  });
});

test("a policy of before these kinds has the default's rules for them, and may switch them off", () => {
  const { user, anonymous, ...keys } = DEFAULT_MATCHING_POLICY.keys;
  const before = { ...DEFAULT_MATCHING_POLICY, keys };
  expect(matchingPolicySchema.parse(before)).toEqual(DEFAULT_MATCHING_POLICY);
  const off = { ...keys, user, anonymous: { ...anonymous, strength: 0 } };
  const policy = matchingPolicySchema.parse({ ...before, keys: off });
  const said = { browsing, known: by(ADA, BROWSER) };
  expect(clusterSaid(said, { policy }).clusters).toEqual([["browsing"], ["known"]]);
});
