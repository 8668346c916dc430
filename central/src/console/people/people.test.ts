import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changePerson, otherAdminsQuery, peopleQuery, personQuery } from "../../access/people.ts";
import { isPassword } from "../../access/password.ts";
import { localPersonQuery } from "../../access/sign-in.ts";
import { providerPersonQuery } from "../../access/provider-sign-in.ts";
import { sessionQuery } from "../../access/sessions.ts";
import { NOON_MS, openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { walksIn } from "../../testing/plan.ts";
import type { Visitor } from "../../testing/visitor.ts";

let central: TestApp;
let ada: Visitor;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(async () => {
  await emptyDatabase(central.storage);
  ada = await central.signIn("admin");
});
afterEach(() => central.assertNoErrors());

/** An account of this console, added as an admin does. */
async function add(name: string, roles: readonly string[] = ["operations"], password = "") {
  const answer = await ada.post("/people/new", [
    ["name", name],
    ["password", password],
    ...roles.map((role): [string, string] => ["role", role]),
  ]);
  const page = await answer.text();
  const id = /href="\/people\/(p_[\w-]+)"/.exec(page)?.[1] ?? "";
  return { answer, page, id, password: /id="password">([^<]+)</.exec(page)?.[1] ?? null };
}

const signInAs = (name: string, password: string) =>
  central.app.request("/sign-in", {
    method: "POST",
    headers: { origin: "http://localhost" },
    body: new URLSearchParams({ name, password }),
  });

/** Their browser, from the answer to their signing in. */
const homeOf = async (answer: Response): Promise<number> => {
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return (await central.app.request("/", { headers: { cookie } })).status;
};

const versionOf = async (id: string): Promise<string> => {
  const [row] = await rowsOf(central.storage, "select version from person where id = ?", [id]);
  return String(row?.["version"]);
};

const auditOf = async (id: string): Promise<unknown[]> =>
  (
    await rowsOf(central.storage, "select by, action, detail from audit where target = ? order by n", [id])
  ).map((row) => [row["by"], row["action"], JSON.parse(String(row["detail"])) as unknown]); // prettier-ignore

describe("an admin adds somebody", () => {
  test("whose password is made, shown once, and opens the console", async () => {
    const { answer, page, id, password } = await add(" Olga.Hart ", ["operations", "privacy"]);
    expect(answer.status).toBe(201);
    expect(password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    expect(page).toContain("shown this once");
    expect(await (await ada.get(`/people/${id}`)).text()).not.toContain(password);
    expect(await homeOf(await signInAs("olga.hart", password ?? ""))).toBe(200);
    const [row] = await rowsOf(central.storage, "select name, roles, created_by from person where id = ?", [id]); // prettier-ignore
    expect(row).toEqual({ name: "olga.hart", roles: '["operations","privacy"]', created_by: ada.id });
    expect(await auditOf(id)).toContainEqual([
      ada.id, "people.manage", { change: "add", roles: ["operations", "privacy"] },
    ]);
  }); // prettier-ignore

  test("with a password of the admin's choice, which no page repeats", async () => {
    const { page, password } = await add("ann", ["steward"], "twelve letters");
    expect(password).toBeNull();
    expect(page).not.toContain("twelve letters");
    const hash = (await rowsOf(central.storage, "select password_hash from person where name = 'ann'"))[0]; // prettier-ignore
    expect(await isPassword("twelve letters", String(hash?.["password_hash"]))).toBe(true);
  });

  test("what cannot be is said beside its field, and what was ticked is still ticked", async () => {
    const bad = await add("A b", ["steward"], "short");
    expect(bad.answer.status).toBe(422);
    expect(bad.page).toContain('id="name-error"');
    expect(bad.page).toContain('id="password-error"');
    expect(bad.page).toContain('value="steward" checked=""');
    expect(bad.page).not.toContain("short");
    expect((await add("ann", [])).page).toContain("Tick at least one");
    expect((await add("ann", ["emperor"])).answer.status).toBe(422);
    expect(await rowsOf(central.storage, "select id from person")).toHaveLength(1);
  });

  test("a name that somebody has is refused, in whatever letters it is typed", async () => {
    await add("ann");
    const { answer, page } = await add("ANN");
    expect(answer.status).toBe(409);
    expect(page).toContain("Somebody has this name already");
  });
});

describe("SEC1 what an admin changes counts with the next click", () => {
  test("other roles, disabling, enabling, another password and signing out everywhere", async () => {
    const { id, password } = await add("olga");
    const olga = async () => homeOf(await signInAs("olga", password ?? ""));
    const steps: [string, [string, string][], number][] = [
      ["roles", [["role", "steward"]], 200],
      ["sign-out", [], 200],
      ["disable", [], 303],
      ["enable", [], 200],
    ];
    for (const [path, fields, after] of steps) {
      const before = await signInAs("olga", password ?? "");
      const answer = await ada.post(`/people/${id}/${path}`, [["version", await versionOf(id)], ...fields]);
      expect([path, answer.status, answer.headers.get("location")]).toEqual([path, 303, `/people/${id}?done=${path}`]);
      expect([path, await homeOf(before)]).toEqual([path, 303]);
      expect([path, await olga()]).toEqual([path, after]);
    }
    const page = await ada.post(`/people/${id}/password`, { version: await versionOf(id), password: "" });
    const other = /id="password">([^<]+)</.exec(await page.text())?.[1] ?? "";
    expect(await olga()).toBe(303);
    expect(await homeOf(await signInAs("olga", other))).toBe(200);
    expect((await auditOf(id)).flatMap((line) => (line as [string, string, { change?: string }])[2].change ?? [])).toEqual([
      "add", "roles", "sign_out", "disable", "enable", "password",
    ]);
    expect(await auditOf(id)).toContainEqual([
      ada.id, "people.manage", { change: "roles", before: ["operations"], roles: ["steward"] },
    ]);
  }); // prettier-ignore

  test("the second of two admins is told who was quicker, and nothing is overwritten", async () => {
    const { id } = await add("olga");
    const version = await versionOf(id);
    const eve = await central.signIn("admin");
    await eve.post(`/people/${id}/roles`, { version, role: "privacy" });
    const late = await ada.post(`/people/${id}/roles`, { version, role: "admin" });
    expect(late.status).toBe(409);
    const page = await late.text();
    expect(page).toContain("Somebody was quicker");
    expect(page).toContain(
      `admin-${eve.id} has changed this person meanwhile, on 21 Nov 2026, 12:00 UTC.`,
    );
    const [row] = await rowsOf(central.storage, "select roles from person where id = ?", [id]);
    expect(row).toEqual({ roles: '["privacy"]' });
  });

  test("the last admin stays one, also where two admins take it from each other at once", async () => {
    const alone = await ada.post(`/people/${ada.id}/disable`, { version: "1" });
    expect(alone.status).toBe(409);
    expect(await alone.text()).toContain("Somebody has to remain who manages people here");
    const eve = await central.signIn("admin");
    const statuses = await Promise.all([
      ada.post(`/people/${eve.id}/disable`, { version: "1" }).then(({ status }) => status),
      eve.post(`/people/${ada.id}/disable`, { version: "1" }).then(({ status }) => status),
    ]);
    expect(statuses.toSorted()).toEqual([303, 409]);
    const [row] = await rowsOf(central.storage, "select count(*) as n from person where disabled_ms is null"); // prettier-ignore
    expect(row).toEqual({ n: 1 });
  });

  test("roles of the provider's people and of the first account are not the console's to change", async () => {
    await central.storage.write([
      { sql: "update person set issuer = 'https://idp.example', subject = 's' where id = ?", args: [ada.id] },
      { sql: `insert into person (id, name, password_hash, roles, created_ms, created_by)
              values ('console', 'console', 'x', '["admin"]', 0, 'settings')` },
    ]);
    for (const id of [ada.id, "console"]) {
      expect((await ada.post(`/people/${id}/roles`, { version: "1", role: "steward" })).status).toBe(403);
      expect((await ada.post(`/people/${id}/password`, { version: "1", password: "" })).status).toBe(403);
      expect(await (await ada.get(`/people/${id}`)).text()).not.toContain("Change roles");
    }
    expect((await ada.post("/people/console/disable", { version: "1" })).status).toBe(303);
  }); // prettier-ignore

  test("somebody who is not there, a version that is none, and a form without end", async () => {
    expect((await ada.get("/people/nobody")).status).toBe(404);
    expect((await ada.post("/people/nobody/disable", { version: "1" })).status).toBe(404);
    expect((await ada.post(`/people/${ada.id}/disable`, { version: "x" })).status).toBe(422);
    expect((await ada.post("/people/new", { name: "x".repeat(20_000) })).status).toBe(413);
    await expect(
      changePerson(central.storage, NOON_MS, { id: "nobody", version: 1, by: ada.id }, { change: "enable" }),
    ).rejects.toThrow("not_found");
  }); // prettier-ignore
});

test("the list is by name, in pages that follow each other, and as a file", async () => {
  const names = Array.from({ length: 205 }, (_, at) => `p${String(at).padStart(3, "0")}`);
  await central.storage.write(
    names.map((name) => ({
      sql: `insert into person (id, name, password_hash, roles, created_ms, created_by) values (?, ?, 'x', '["steward"]', 0, 'x')`,
      args: [`p_${name}`, name],
    })),
  );
  const seen: string[] = [];
  for (let path: string | undefined = "/people"; path !== undefined;) {
    const page = await (await ada.get(path)).text();
    seen.push(...page.matchAll(/<a href="\/people\/p_p\d+">(p\d+)</g).map(([, name]) => name ?? ""));
    path = /<p class="more"><a href="([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
  }
  expect(seen).toEqual(names);
  const file = await ada.get("/people?csv=people");
  expect(file.headers.get("content-type")).toContain("text/csv");
  expect((await file.text()).split("\r\n")).toHaveLength(1 + 206 + 1);
}); // prettier-ignore

test("people and sessions are found by index", async () => {
  const { storage } = central;
  // The people of a head office are few; the list looks at each of them.
  expect(await walksIn(storage, peopleQuery(0, "x", 10), ["p"])).toEqual([]);
  for (const statement of [
    personQuery("x", 0),
    localPersonQuery("x"),
    providerPersonQuery("i", "s"),
    sessionQuery("x", 0),
  ]) {
    expect(await walksIn(storage, statement)).toEqual([]);
  }
  expect(await walksIn(storage, otherAdminsQuery("x"), ["p", "r"])).toEqual([]);
});
