/** Over the real directory: which customer a fragment is brought to, and which keys are bound with it. */
import { reset } from "cloudflare:test";
import {
  compareKeys,
  identityKeyOf,
  isDeviceKey,
  type KeyKind,
} from "@regulars/shared/identity/key";
import { customerIdOf, type IdentityKey } from "@regulars/shared/ids";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { createShardedDirectory } from "../src/directory/sharded.ts";
import { type HoldersDeps, holdersOf } from "../src/inbox/holders.ts";

afterEach(() => reset());

const keyOf = (kind: KeyKind, value: string): IdentityKey => identityKeyOf(kind, value, "pepper");
const [ada, bob] = ["shop/ada", "shop/bob"].map((id) => keyOf("user", id)) as [string, string];
const [browser, cart] = ["browser", "cart"].map((id) => keyOf("anonymous", id)) as [string, string];
const mail = keyOf("email", "ada@example.com");
const card = keyOf("loyalty", "77");

const directory = createShardedDirectory(env);
const openDeps = (): HoldersDeps => ({ directory, holders: new Map() });

/** What a capture names, strongest first; the strongest names its fragment. */
function itemOf(...keys: readonly IdentityKey[]) {
  const subject = keys.toSorted(compareKeys);
  return { subject, updates: subject.slice(0, 1).map((key) => ({ key })) };
}

describe("EDG1 a device's key is bound to a customer of its own, whatever it arrived with", () => {
  test("who signs in on a browser is not served what was done on it before", async () => {
    const deps = openDeps();
    await holdersOf(deps, [itemOf(browser)]);
    const found = await holdersOf(deps, [itemOf(ada, browser)]);
    expect(found.get(ada)).toBe(customerIdOf(ada));
    expect(await directory.lookup([browser])).toEqual(new Map([[browser, customerIdOf(browser)]])); // prettier-ignore
  });

  test("nor the profile of whoever signed in there first", async () => {
    const deps = openDeps();
    const found = await holdersOf(deps, [itemOf(ada, browser, cart), itemOf(bob, browser)]);
    expect([found.get(ada), found.get(bob)]).toEqual([ada, bob].map((key) => customerIdOf(key)));
    // Nothing is known by the devices alone: they are nobody's.
    expect(await directory.lookup([browser, cart])).toEqual(new Map());
    const after = await holdersOf(deps, [itemOf(browser)]);
    expect(after.get(browser)).toBe(customerIdOf(browser));
  });

  test("also where the centre has given the browser to somebody", async () => {
    const deps = openDeps();
    await directory.assign([{ key: browser, customer: customerIdOf(ada) }]);
    const found = await holdersOf(deps, [itemOf(bob, browser), itemOf(browser)]);
    expect(found.get(bob)).toBe(customerIdOf(bob));
    expect(found.get(browser)).toBe(customerIdOf(ada));
  });

  test("better keys that nobody holds still go to the customer that they arrived with", async () => {
    const deps = openDeps();
    await holdersOf(deps, [itemOf(mail)]);
    const found = await holdersOf(deps, [itemOf(card, ada, mail, browser)]);
    for (const key of [card, ada]) expect(found.get(key)).toBe(customerIdOf(mail));
    expect(await directory.lookup([browser])).toEqual(new Map());
  });

  test("in any history, on any of two inboxes", async () => {
    // Keys of its own for each history: the directory remembers them.
    let run = 0;
    const item = fc.uniqueArray(fc.nat(5), { minLength: 1 });
    const history = fc.array(fc.record({ item, at: fc.nat(1) }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(history, async (captures) => {
        run += 1;
        const kinds = ["loyalty", "user", "user", "email", "anonymous", "anonymous"] as const;
        const keys = kinds.map((kind, n) => keyOf(kind, `${run}/${n}`));
        const people = keys.filter((key) => !isDeviceKey(key)).map((key) => customerIdOf(key));
        const allowed = (key: IdentityKey) => (isDeviceKey(key) ? [customerIdOf(key)] : people);
        const inboxes = [openDeps(), openDeps()];
        for (const capture of captures) {
          const one = itemOf(...capture.item.map((n) => keys[n]!));
          const found = await holdersOf(inboxes[capture.at]!, [one]);
          for (const { key } of one.updates) {
            expect(allowed(key)).toContain(found.get(key));
          }
        }
        for (const [key, customer] of await directory.lookup(keys)) {
          expect(allowed(key)).toContain(customer);
        }
      }),
      { numRuns: 40 },
    );
  });
});
