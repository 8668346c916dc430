import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { groupsOf, listFailed } from "../../src/intake/desk.ts";
import { healthOf } from "../../src/intake/health.ts";
import { readPage } from "../../src/intake/page.ts";
import { createWaiting } from "../../src/intake/waiting.ts";
import { createDurableStorage } from "../../src/storage.ts";

/** A storage that notes how SQLite goes about each question, a line for each table. */
function explaining({ storage }: DurableObjectState): { storage: Storage; plans: string[] } {
  const plans: string[] = [];
  const inner = createDurableStorage(storage);
  const note = ({ sql, args = [] }: Statement): void => {
    const rows = storage.sql.exec<{ detail: string }>(`explain query plan ${sql}`, ...args);
    plans.push(...rows.toArray().map(({ detail }) => detail));
  };
  return {
    plans,
    storage: {
      ...inner,
      read(queries) {
        for (const query of queries) note(query);
        return inner.read(queries);
      },
    },
  };
}

test("EDG6: what waits or has failed is found beside all that was done, which is kept for weeks", () =>
  runInDurableObject(env.INTAKE.get(env.INTAKE.idFromName("web-uk")), async (_object, state) => {
    const { storage, plans } = explaining(state);
    await healthOf(storage, 0);
    await createWaiting(storage).count();
    await readPage(storage, 0);
    await groupsOf(storage);
    await listFailed(storage, { max: 10 }, 0);
    const ofReceived = plans.filter((line) => / received\b/.test(line));
    expect(ofReceived.length).toBeGreaterThan(4);
    for (const line of ofReceived) {
      expect(line).toMatch(
        /USING (COVERING )?INDEX received_(due|failed)|USING INTEGER PRIMARY KEY/,
      );
    }
  }));
