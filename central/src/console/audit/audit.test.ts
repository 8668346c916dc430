import fc from "fast-check";
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditStatement } from "../../access/audit.ts";
import { type AuditFilter, auditQuery, namesQuery, readAudit } from "../../access/read-audit.ts";
import { NOON_MS, openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { walksIn } from "../../testing/plan.ts";
import { exceptionStatement } from "../../testing/store-days.ts";
import type { Visitor } from "../../testing/visitor.ts";
import { hrefOfTarget } from "./target-page.ts";
import { AUDIT_ACTIONS, detailInWords } from "./words.ts";

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

const may = () => true;
const CUSTOMER = `c${"x".repeat(22)}`;
const DAY_MS = 86_400_000;

describe("SEC3 who saw and changed what", () => {
  test("stands on a page in words, with links to whom and to what", async () => {
    await central.storage.write([
      auditStatement({ atMs: NOON_MS, by: ada.id, action: "customers.reveal", target: CUSTOMER }),
      auditStatement({ atMs: NOON_MS + 1, by: "nobody", action: "sign_in_refused", detail: { reason: "limited" } }),
      auditStatement({ atMs: NOON_MS + 2, by: ada.id, action: "people.manage", target: ada.id, detail: { change: "roles", before: ["steward"], roles: ["admin"] } }),
    ]); // prettier-ignore
    const page = await (await ada.get("/audit")).text();
    for (const words of [
      "Saw a customer&#39;s contact data in full",
      `href="/customers/${CUSTOMER}"`,
      "too many tries",
      "Nobody",
      "other roles: Steward → Admin",
      `href="/people/${ada.id}"`,
      `href="/audit?person=${ada.id}"`,
      "21 Nov 2026, 12:00",
    ]) {
      expect(page).toContain(words);
    }
  });

  test("by person, action, target and days, in pages that follow each other without a gap, and as a file", async () => {
    const entries = Array.from({ length: 250 }, (_, at) =>
      auditStatement({
        // Many within one millisecond, and a clock that was set back.
        atMs: NOON_MS - (at % 7) * DAY_MS,
        by: at % 2 === 0 ? ada.id : "p_other",
        action: at % 5 === 0 ? "customers.reveal" : "customers.read",
        target: `c-${at % 3}`,
      }),
    );
    await central.storage.write(entries);
    async function countOf(query: string): Promise<number> {
      let count = 0;
      for (let path: string | undefined = `/audit?${query}`; path !== undefined;) {
        const page = await (await ada.get(path)).text();
        count += page.matchAll(/<tr><td data-label="When/g).toArray().length;
        path = /<p class="more"><a href="([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
      }
      const file = await (await ada.get(`/audit?${query}&csv=audit`)).text();
      expect(file.trim().split("\r\n")).toHaveLength(count + 1);
      await central.storage.write([{ sql: "delete from audit where action = 'export'" }]);
      return count;
    }
    expect(await countOf("")).toBe(250);
    expect(await countOf(`person=${ada.id}&action=&target=&from=&to=`)).toBe(125);
    expect(await countOf(`person=${ada.id}&action=customers.reveal`)).toBe(25);
    expect(await countOf("target=c-1&action=customers.read")).toBe(67);
    expect(await countOf("from=2026-11-20&to=2026-11-20")).toBe(36);
    expect(await countOf("action=policy.publish")).toBe(0);
  });

  test("each link from an entry leads to what it is about", async () => {
    await central.storage.write([
      exceptionStatement({ store: "store-1", day: "2026-11-20", kind: "gap" }),
      auditStatement({ atMs: 1, by: ada.id, action: "exceptions.work", target: "exception/1" }),
      auditStatement({ atMs: 2, by: ada.id, action: "customers.reveal", target: "letter/7" }),
    ]);
    const page = await (await ada.get("/audit")).text();
    expect(page).toContain('href="/exceptions/1"');
    expect((await ada.get("/exceptions/1")).status).toBe(200);
    expect(page).toContain('href="/intake/here/letter/7"');
    expect((await ada.get("/intake/here/letter/7")).status).toBe(200);
    expect(hrefOfTarget("intake.replay", "item/shop/5", may)).toBe("/intake/edge/items/shop/5");
    expect(hrefOfTarget("settlement.import", "settlement/3", may)).toBe("/settlement/files/3");
    expect(hrefOfTarget("matches.decide", "id-1", may)).toBe("/matches/decisions/id-1");
    expect(hrefOfTarget("policy.try", "survivorship/3", may)).toBeNull();
    expect(hrefOfTarget("exceptions.work", "exception/1", () => false)).toBeNull();
  });

  test("whoever takes a table as a file stands in it, with which, and without what was asked for", async () => {
    await ada.get("/audit?csv=audit");
    await ada.get("/customers?csv=customers");
    await ada.get("/exceptions?csv=exceptions&store=store-1");
    await ada.get("/customers");
    expect(await rowsOf(central.storage, "select by, action, target, detail from audit")).toEqual([
      { by: ada.id, action: "export", target: "audit", detail: '{"table":"audit"}' },
      { by: ada.id, action: "export", target: "customers", detail: '{"table":"customers"}' },
      { by: ada.id, action: "export", target: "exceptions", detail: '{"table":"exceptions"}' },
    ]);
  });

  test("who may not manage people is shown no way to them; who may not export has no file", async () => {
    await central.storage.write([auditStatement({ atMs: 1, by: ada.id, action: "people.manage", target: ada.id })]); // prettier-ignore
    const privacy = await central.signIn("privacy");
    expect(await (await privacy.get("/audit")).text()).not.toContain(`href="/people/`);
    expect((await (await central.signIn("operations")).get("/audit")).status).toBe(403);
  });

  test("what is asked for wrongly is refused by its field", async () => {
    for (const query of ["from=yesterday", "action=everything", "before=x", `target=${"x".repeat(300)}`]) {
      expect([query, (await ada.get(`/audit?${query}`)).status]).toEqual([query, 422]);
    }
  }); // prettier-ignore
});

test("pages of any size, by any filter, hold what a walk over everything finds", async () => {
  const pick = fc.record({
    atMs: fc.integer({ min: 1, max: 6 }),
    by: fc.constantFrom("a", "b"),
    action: fc.constantFrom("sign_in" as const, "sign_out" as const, "export" as const),
    target: fc.constantFrom("x", "y", undefined),
  });
  const filterArb = fc.record(
    {
      by: fc.constantFrom("a", "b"),
      action: fc.constantFrom("sign_in", "export"),
      target: fc.constantFrom("x", "z"),
      fromMs: fc.integer({ min: 1, max: 6 }),
      untilMs: fc.integer({ min: 1, max: 6 }),
    },
    { requiredKeys: [] },
  );
  const property = fc.asyncProperty(
    fc.array(pick, { maxLength: 30 }),
    filterArb,
    fc.integer({ min: 1, max: 7 }),
    async (entries, filter: AuditFilter, limit) => {
      await emptyDatabase(central.storage);
      await central.storage.write(
        entries.map(({ target, ...entry }) =>
          auditStatement(target === undefined ? entry : { ...entry, target }),
        ),
      );
      const { by, action, target, fromMs = 0, untilMs = 99 } = filter;
      const expected = entries
        .map((entry, at) => ({ ...entry, at }))
        .filter((entry) => by === undefined || entry.by === by)
        .filter((entry) => action === undefined || entry.action === action)
        .filter((entry) => target === undefined || entry.target === target)
        .filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
        .toSorted((one, two) => two.atMs - one.atMs || two.at - one.at);
      const seen: { atMs: number; n: number; by: string }[] = [];
      for (;;) {
        const before = seen.at(-1) ?? null;
        const page = await readAudit(central.storage, filter, { before, limit });
        seen.push(...page);
        if (page.length < limit) break;
      }
      expect(seen.map(({ atMs, by: who }) => [atMs, who])).toEqual(expected.map(({ atMs, by: who }) => [atMs, who])); // prettier-ignore
      expect(new Set(seen.map(({ n }) => n)).size).toBe(seen.length);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

test("the audit is read by index, whatever is asked", async () => {
  const before = { atMs: 5, n: 5 };
  for (const by of [undefined, "a"]) {
    for (const action of [undefined, "export"]) {
      for (const target of [undefined, "x"]) {
        for (const cursor of [null, before]) {
          const filter = { by, action, target, fromMs: 1, untilMs: 9 };
          expect(await walksIn(central.storage, auditQuery(filter, cursor, 10))).toEqual([]);
        }
      }
    }
  }
  // Everything, newest first: an index that the limit cuts short. People are few.
  expect(await walksIn(central.storage, auditQuery({}, null, 10), ["audit_at"])).toEqual([]);
  expect(await walksIn(central.storage, namesQuery(10), ["person"])).toEqual([]);
});

test("every action has words, and so has whatever a place writes beside it", () => {
  expect(new Set(AUDIT_ACTIONS).size).toBe(AUDIT_ACTIONS.length);
  expect(detailInWords("sign_in", { with: "provider" })).toBe("by the identity provider");
  expect(detailInWords("exceptions.work", { to: "explained", version: 3 })).toBe("to explained, version 3");
  expect(detailInWords("export", null)).toBeNull();
  expect(LIMITS.auditPageRows).toBeLessThan(LIMITS.auditFileRows);
}); // prettier-ignore
