/** Against a real identity provider, over HTTP, through its own pages. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rowsOf } from "@regulars/shared/storage/port";
import { NOON_MS, openTestApp, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import {
  type Bend,
  createJar,
  openIdentityProvider,
  ORIGIN,
  type TestProvider,
  walkProvider,
} from "../testing/identity-provider.ts";
import { createProvider } from "./provider.ts";

let provider: TestProvider;
let central: TestApp;
let nowMs = NOON_MS;
beforeAll(async () => {
  provider = await openIdentityProvider();
  const settings = provider.settings;
  const real = createProvider(settings, () => nowMs);
  central = await openTestApp({ provider: real, origin: ORIGIN, nowMs: () => nowMs });
});
afterAll(async () => {
  await central.close();
  await provider.close();
});
beforeEach(async () => {
  await emptyDatabase(central.storage);
  provider.people.set("olga", { name: "Olga", role: "operations" });
  provider.people.set("nora", { name: "Nora", role: "florist" });
});
afterEach(() => {
  provider.bend = null;
  provider.nonce = null;
  central.failures.length = 0;
  central.assertNoErrors();
});

/** A browser at the console. */
function openBrowser(app = central.app) {
  const jar = createJar();
  const get = async (path: string): Promise<Response> => {
    const url = new URL(path, ORIGIN).href;
    const response = await app.request(url, { headers: { cookie: jar.header() } });
    jar.take(response);
    return response;
  };
  return {
    jar,
    get,
    /** To the provider and back, up to the console's address that it leads to. */
    leave: async (login: string, next = "/"): Promise<URL> => {
      const start = await get(`/sign-in/provider?next=${encodeURIComponent(next)}`);
      expect(start.status).toBe(303);
      return walkProvider(start.headers.get("location") ?? "", login);
    },
  };
}

const inside = ({ pathname, search }: URL): string => `${pathname}${search}`;

async function isIn(browser: ReturnType<typeof openBrowser>): Promise<boolean> {
  return (await browser.get("/")).status === 200;
}

const auditOf = async (): Promise<unknown[]> =>
  (await rowsOf(central.storage, "select action, detail from audit order by n")).map((row) => [
    row["action"],
    JSON.parse(String(row["detail"])) as unknown,
  ]);

describe("SEC1 a person is whom their provider says", () => {
  test("through its pages and back to where they wanted to go, with the role that it tells", async () => {
    const browser = openBrowser();
    const back = await browser.leave("olga", "/?stores=store-1");
    expect(back.pathname).toBe("/sign-in/return");
    const landed = await browser.get(inside(back));
    expect([landed.status, landed.headers.get("location")]).toEqual([303, "/?stores=store-1"]);
    const page = await (await browser.get("/")).text();
    expect(page).toContain("Olga");
    expect([...browser.jar.kept.keys()]).toEqual(["__Host-regulars"]);
    expect(await rowsOf(central.storage, "select name, roles, password_hash from person")).toEqual([
      { name: "Olga", roles: '["operations"]', password_hash: null },
    ]);
    expect(await auditOf()).toEqual([["sign_in", { with: "provider" }]]);
  });

  test("cookies are for https, this host and no script alone", async () => {
    const browser = openBrowser();
    const landed = await browser.get(inside(await browser.leave("olga")));
    const line = landed.headers.getSetCookie().find((one) => one.startsWith("__Host-regulars="));
    expect(line).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  test("whoever has no role of ours is told so, and is nobody here", async () => {
    const browser = openBrowser();
    const answer = await browser.get(inside(await browser.leave("nora")));
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("gives you no role for this console");
    expect(await isIn(browser)).toBe(false);
    expect(await rowsOf(central.storage, "select id from person")).toEqual([]);
    expect(await auditOf()).toEqual([["sign_in_refused", { reason: "no_role" }]]);
  });

  test("another role at the next sign-in ends what the old one had opened", async () => {
    const [desk, phone] = [openBrowser(), openBrowser()];
    await desk.get(inside(await desk.leave("olga")));
    expect(await isIn(desk)).toBe(true);
    provider.people.set("olga", { name: "Olga", role: ["read_only", "steward"] });
    await phone.get(inside(await phone.leave("olga")));
    expect(await isIn(phone)).toBe(true);
    expect(await isIn(desk)).toBe(false);
    provider.people.set("olga", { name: "Olga" });
    const again = openBrowser();
    expect((await again.get(inside(await again.leave("olga")))).status).toBe(403);
    expect(await isIn(phone)).toBe(false);
    expect(await rowsOf(central.storage, "select roles, version from person")).toEqual([
      { roles: "[]", version: 3 },
    ]);
  });

  test("whoever is disabled here stays out, whatever the provider says", async () => {
    const browser = openBrowser();
    await browser.get(inside(await browser.leave("olga")));
    await central.storage.write([{ sql: "update person set disabled_ms = 1" }]);
    expect(await isIn(browser)).toBe(false);
    const again = openBrowser();
    const answer = await again.get(inside(await again.leave("olga")));
    expect(await answer.text()).toContain("Your account is disabled at this console");
  });
});

/** What somebody is told whose way back does not count, and that they are not in. */
async function tellOf(browser: ReturnType<typeof openBrowser>, path: string) {
  const answer = await browser.get(path);
  const isStale = (await answer.text()).includes("Please begin again");
  return { status: answer.status, isStale, isIn: await isIn(browser) };
}
const STALE = { status: 403, isStale: true, isIn: false };

describe("SEC1 nobody is let in by an answer that is not the provider's to this question", () => {
  test("another state, none, or none of a browser that never left", async () => {
    for (const state of ["another", null]) {
      const browser = openBrowser();
      const back = await browser.leave("olga");
      if (state === null) back.searchParams.delete("state");
      else back.searchParams.set("state", state);
      expect(await tellOf(browser, inside(back))).toEqual(STALE);
    }
    const back = await openBrowser().leave("olga");
    expect(await tellOf(openBrowser(), inside(back))).toEqual(STALE);
    const mine = openBrowser();
    await mine.leave("olga");
    expect(await tellOf(mine, inside(back))).toEqual(STALE); // somebody else's sign-in is not put over on me
  });

  test("a return that has been used, also by whoever kept its cookie", async () => {
    const browser = openBrowser();
    const back = await browser.leave("olga");
    const thief = openBrowser();
    for (const [name, value] of browser.jar.kept) thief.jar.kept.set(name, value);
    expect((await browser.get(inside(back))).status).toBe(303);
    expect(await tellOf(thief, inside(back))).toEqual(STALE);
    expect(central.failures).toEqual([]); // the provider was not even asked
    expect(await isIn(browser)).toBe(true);
  });

  test("a code that was used elsewhere", async () => {
    const browser = openBrowser();
    const back = await browser.leave("olga");
    const spent = back.searchParams.get("code") ?? "";
    const { issuer, clientId, clientSecret } = provider.settings;
    const body = new URLSearchParams({ grant_type: "authorization_code", code: spent, redirect_uri: `${ORIGIN}/sign-in/return` }); // prettier-ignore
    const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
    // Without its verifier it gives nothing to whoever caught the code on its way.
    const theft = await fetch(`${issuer}/token`, { method: "POST", headers: { authorization }, body }); // prettier-ignore
    expect(theft.status).toBe(400);
    back.searchParams.set("code", "made-up");
    expect(await tellOf(browser, inside(back))).toEqual(STALE);
  });

  test("one that comes too late, and one of a cookie that was bent", async () => {
    const late = openBrowser();
    const back = await late.leave("olga");
    nowMs += 10 * 60_000;
    expect(await tellOf(late, inside(back))).toEqual(STALE);
    nowMs = NOON_MS;
    const bent = openBrowser();
    const again = await bent.leave("olga");
    const [[name, sealed] = ["", ""]] = bent.jar.kept;
    const at = Math.floor(sealed.length / 2);
    const other = sealed[at] === "A" ? "B" : "A";
    bent.jar.kept.set(name, `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`);
    expect(await tellOf(bent, inside(again))).toEqual(STALE);
  });

  const LIES: readonly (readonly [string, Bend])[] = [
    ["signed by somebody else", { signature: "forged" }],
    ["not signed", { signature: "none" }],
    ["changed", { signature: "kept", claims: (claims) => ({ ...claims, sub: "ada" }) }],
    ["for somebody else's console", { signature: "true", claims: (claims) => ({ ...claims, aud: "other" }) }],
    ["of another issuer", { signature: "true", claims: (claims) => ({ ...claims, iss: "https://other.example" }) }],
    ["of another question", { signature: "true", claims: (claims) => ({ ...claims, nonce: "other" }) }],
    ["without a nonce", { signature: "true", claims: ({ nonce: _nonce, ...claims }) => claims }],
    ["too old", { signature: "true", claims: (claims) => ({ ...claims, iat: 1_000, exp: 2_000 }) }],
  ]; // prettier-ignore
  test.each(LIES)("an id token that is %s", async (_, bend) => {
    const browser = openBrowser();
    const back = await browser.leave("olga");
    provider.bend = bend;
    const answer = await browser.get(inside(back));
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("could not be verified");
    expect(await isIn(browser)).toBe(false);
    expect(central.failures).toMatchObject([{ reason: "untrusted" }]);
    expect(await auditOf()).toEqual([["sign_in_refused", { reason: "untrusted" }]]);
  });

  test("a nonce that somebody changed on the way there", async () => {
    provider.nonce = "another";
    const browser = openBrowser();
    expect((await browser.get(inside(await browser.leave("olga")))).status).toBe(403);
    expect(central.failures).toMatchObject([{ reason: "untrusted" }]);
  });

  test("a person who turned back at the provider", async () => {
    const browser = openBrowser();
    const back = await browser.leave("olga");
    const state = back.searchParams.get("state") ?? "";
    const answer = await browser.get(`/sign-in/return?error=access_denied&state=${state}&iss=${encodeURIComponent(provider.settings.issuer)}`); // prettier-ignore
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("you turned back");
  });

  test("an address of somebody else as the page to go to", async () => {
    const browser = openBrowser();
    const landed = await browser.get(inside(await browser.leave("olga", "//evil.example/x")));
    expect(landed.headers.get("location")).toBe("/");
  });
});

test("SEC1 a provider that is away is said in words; local accounts let in as ever", async () => {
  const settings = { ...provider.settings, issuer: "http://127.0.0.1:1" };
  const alone = await openTestApp({ provider: createProvider(settings, () => nowMs), origin: ORIGIN });
  const browser = openBrowser(alone.app);
  const answer = await browser.get("/sign-in/provider?next=/customers/x");
  expect(answer.status).toBe(503);
  const page = await answer.text();
  expect(page).toContain("cannot be reached at the moment");
  expect(page).toContain('name="password"');
  expect(page).toContain('name="next" value="/customers/x"');
  await alone.close();
}); // prettier-ignore

test("SEC1 roles by the provider's own words, in the id token, by a client without a secret", async () => {
  const other = await openIdentityProvider({ isInToken: true, isPublic: true });
  other.people.set("olga", { name: "Olga", realm_access: { roles: ["hq-ops", "admin", "x"] } });
  const settings = {
    ...other.settings,
    roleClaim: "realm_access.roles",
    roles: { "hq-ops": "operations", auditor: "privacy" },
  } as const;
  const app = await openTestApp({ provider: createProvider(settings, () => nowMs), origin: ORIGIN });
  const browser = openBrowser(app.app);
  expect((await browser.get(inside(await browser.leave("olga")))).status).toBe(303);
  // `admin` is a word of ours, and none that the settings give a meaning.
  expect(await rowsOf(app.storage, "select roles from person")).toEqual([
    { roles: '["operations"]' },
  ]);
  await app.close();
  await other.close();
}); // prettier-ignore
