/** Two people and one browser, through the real objects: nobody is served what another one did. */
import { reset } from "cloudflare:test";
import { identityKeyOf } from "@regulars/shared/identity/key";
import { customerIdOf } from "@regulars/shared/ids";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { moveCustomer } from "../src/publish/moves.ts";
import { findProfile } from "../src/serve/read-profile.ts";
import { wholeEdge } from "../src/whole-edge.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

afterEach(() => reset());

const pepper = env.REGULARS_PEPPER;
const browser = identityKeyOf("anonymous", "a browser", pepper);
const [ada, bob] = ["shop/ada", "shop/bob"].map((id) => identityKeyOf("user", id, pepper)) as [
  string,
  string,
];

async function totalOf(key: string): Promise<number | null> {
  const found = await findProfile(env, [key]);
  if (!found) return null;
  const { totals } = JSON.parse(found.json) as { totals: Record<string, { minor: number }> };
  return totals["GBP"]?.minor ?? 0;
}

test("EDG1: a browser that two people sign in on mixes neither with the other, nor with what was done on it", async () => {
  const till = openTill("web", "shop");
  const items = [
    till.capture([browser], sale(1)),
    till.capture([ada, browser], sale(20)),
    till.capture([bob, browser], sale(300)),
    till.capture([browser], sale(4000)),
  ];
  await inbox("shop").push(till.push(items));
  await until(
    () => pullAll("shop", "web"),
    ({ marks }) => marks.merged === 4,
  );
  expect([await totalOf(ada), await totalOf(bob), await totalOf(browser)]).toEqual([20, 300, 4001]);
});

test("EDG1: a browser that nobody holds is not taken along when a customer moves", async () => {
  const till = openTill("web", "shop");
  const [mail] = keysOf({ email: "ada@example.com" }) as [string];
  await inbox("shop").push(till.push([till.capture([mail, browser], sale(20))]));
  await until(
    () => pullAll("shop", "web"),
    ({ marks }) => marks.merged === 1,
  );
  await moveCustomer(wholeEdge(env), customerIdOf(mail), customerIdOf(ada));
  await inbox("shop").push(till.push([till.capture([browser], sale(300))]));
  await until(
    () => pullAll("shop", "web"),
    ({ marks }) => marks.merged === 2,
  );
  expect([await totalOf(mail), await totalOf(browser)]).toEqual([20, 300]);
});
