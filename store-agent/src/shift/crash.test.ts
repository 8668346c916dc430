/** A drawer whose till is cut off at any write. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { counted, DAY, eventsOf, expectWhole, FLOAT, receipt } from "../../testing/drawer.ts";
import { SOURCE } from "../../testing/settings.ts";
import { openTill, temporaryFolder, type Till } from "../../testing/till.ts";

class PowerCut extends Error {}

const actionArb = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.integer({ min: -900, max: 900 }).map((minor) => receipt("cash", minor)),
  },
  fc.integer({ min: 1, max: 500 }).map((minor) => receipt("cash", minor, { businessDay: DAY })),
  fc.constantFrom("paid_in", "paid_out").map((action) => ({
    kind: "drawer", action, amountMinor: 50, reason: "milk",
  })), // prettier-ignore
  fc.constant({ kind: "open", float: FLOAT }),
  fc.integer({ min: 0, max: 20_000 }).map((minor) => counted(minor)),
  { weight: 2, arbitrary: fc.constant({ kind: "close", reason: "unknown" }) },
  fc.constant({ kind: "void", voids: `${SOURCE}-1-000001` }),
  fc.constant({ kind: "seal", businessDay: DAY }),
);

const planArb = fc.record({
  inputs: fc.array(fc.array(actionArb, { minLength: 1, maxLength: 3 }), {
    minLength: 3,
    maxLength: 6,
  }),
  cut: fc.integer({ min: 1, max: 6 }),
  when: fc.constantFrom("before", "after"),
});

test("CAP1 CAP6 REC1: cut off before or after any write, a till goes on with the figures of its journal", async () => {
  const property = fc.asyncProperty(planArb, async ({ inputs, cut, when }) => {
    const keyed = inputs.map((group, at) =>
      group.map((input, nth) => ({ ...input, idempotencyKey: `${at}/${nth}` })),
    );
    const dataDir = await temporaryFolder();
    let writes = 0;
    const dying = await openTill({
      dataDir,
      async write(statements, storage) {
        const dies = ++writes >= cut;
        if (!dies || when === "after") await storage.write(statements);
        if (dies) throw new PowerCut();
      },
    });
    const told = await sayAll(dying, keyed);
    await dying.close();
    const till = await openTill({ dataDir });
    const again = await sayAll(till, keyed);
    expect(again.filter((_, at) => told[at] !== null)).toEqual(told.filter((row) => row !== null));
    await expectReports(till);
    // As its memory has it from here on.
    const { open } = await till.shift();
    await till.captured(
      open ? { kind: "close", reason: "unknown" } : { kind: "open", businessDay: "2026-06-09" },
    );
    await expectReports(till);
  });
  await expect(fc.assert(property, { numRuns: 25 })).resolves.toBeUndefined();
});

async function expectReports(till: Till): Promise<void> {
  const events = await eventsOf(till);
  expectWhole(events);
  const closes = events.flatMap(({ kind, body }) => (kind === "close" ? [body] : []));
  for (const body of closes) expect(await till.zReport(body.number)).toMatchObject(body);
}

/** What was answered: the row; null where nobody knows. A refusal may be another one the next time. */
async function sayAll(till: Till, groups: readonly (readonly object[])[]) {
  const answers: (string | null)[] = [];
  for (const group of groups) {
    const settled = await Promise.allSettled(group.map((input) => till.capture(input)));
    for (const each of settled) {
      if (each.status === "rejected" && !(each.reason instanceof PowerCut)) throw each.reason;
      const row = each.status === "fulfilled" && each.value.ok ? each.value.value : null;
      answers.push(row && `${row.epoch}/${row.seq}`);
    }
  }
  return answers;
}
