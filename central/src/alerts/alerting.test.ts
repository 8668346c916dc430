/** Alerts from what the database says to what people get: opened once, told once, over once, whatever happens on the way. */
import { randomUUID } from "node:crypto";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Statement } from "@regulars/shared/storage/port";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exception, settle } from "../testing/alert-rows.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { type Mail, type MailServer, type MailTrouble, openMailServer } from "../testing/mail.ts";
import { type AlertingDeps, lookOnce } from "./alerting.ts";
import { deliverDue, waitMs } from "./deliver.ts";
import { createEmail } from "./email.ts";
import type { MessageContent } from "./message.ts";
import { type AlertRules, DEFAULT_RULES, rulesStatement } from "./rules.ts";
import { type Way, WayFailed } from "./ways.ts";

/** A Saturday noon. */
const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let database: TestDatabase;
let nowMs = NOON;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(async () => {
  nowMs = NOON;
  await emptyDatabase(database.storage);
});

interface Sent {
  readonly id: string;
  readonly content: MessageContent;
}

function recorder(fails: () => boolean = () => false) {
  const sent: Sent[] = [];
  const way: Way = {
    name: "email",
    words: "",
    async send(message) {
      if (fails()) throw new WayFailed("busy");
      sent.push(message);
    },
  };
  return { sent, way };
}

const depsWith = (...ways: readonly Way[]): Omit<AlertingDeps, "later"> => ({
  storage: database.storage,
  ways,
  nowMs: () => nowMs,
  random: () => 0.5,
  newId: randomUUID,
  qualityBreaches: () => Promise.resolve([]),
  onFailure: () => undefined,
});

const write = (...statements: readonly Statement[]) => database.storage.write(statements);
const publish = (rules: Partial<AlertRules>) =>
  write(rulesStatement(1, { ...DEFAULT_RULES, ...rules }, 0, "ada"));
const alerts = () =>
  rowsOf(
    database.storage,
    "select kind, subject, severity, ended_ms, reminders, words from alert order by n",
  );
const told = (sent: readonly Sent[]) =>
  sent.map(({ content }) => content.items.map(({ moment, subject }) => `${moment} ${subject}`));

async function pass(deps: Omit<AlertingDeps, "later">, ms: number): Promise<void> {
  nowMs += ms;
  await lookOnce(deps);
  await deliverDue(deps);
}

describe("who is told, and when", () => {
  test("one alert stands per kind and subject: told once when it opens, once when it is over", async () => {
    const { sent, way } = recorder();
    const deps = depsWith(way);
    await write(exception(1, "s-1"));
    await pass(deps, 0);
    await pass(deps, 60_000);
    await write(exception(2, "s-1"));
    await pass(deps, 60_000);
    expect(told(sent)).toEqual([["opened s-1"]]);
    // What it counts is brought up to date without another word.
    expect(await alerts()).toMatchObject([{ words: expect.stringContaining("2 gaps") as string }]);
    await write(settle("s-1"));
    await pass(deps, 60_000);
    await pass(deps, 60_000);
    expect(told(sent)).toEqual([["opened s-1"], ["ended s-1"]]);
    await write(exception(3, "s-1"));
    await pass(deps, 60_000);
    await pass(deps, 60_000);
    expect(told(sent)).toHaveLength(3);
    expect(await alerts()).toHaveLength(2);
  });

  test("two hundred stores at once are one message", async () => {
    const { sent, way } = recorder();
    await write(...Array.from({ length: 200 }, (_, n) => exception(n, `s-${n}`)));
    await pass(depsWith(way), 0);
    await pass(depsWith(way), 60_000);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.content.items).toHaveLength(200);
  });

  test("in quiet hours only what is serious is told; the rest in the morning, unless it is over by then", async () => {
    const { sent, way } = recorder();
    nowMs = Date.UTC(2026, 10, 21, 22);
    await write(
      exception(1, "s-1"),
      exception(2, "s-2", "over_short_trend"),
      exception(3, "s-3", "over_short_trend"),
    );
    await pass(depsWith(way), 0);
    await pass(depsWith(way), 60_000);
    expect(told(sent)).toEqual([["opened s-1"]]);
    await write(settle("s-3"));
    await pass(depsWith(way), 60_000);
    // Over before anybody heard of it.
    nowMs = Date.UTC(2026, 10, 22, 2);
    await publish({ remindHours: 0 });
    await pass(depsWith(way), 0);
    nowMs = Date.UTC(2026, 10, 22, 7);
    await pass(depsWith(way), 0);
    await pass(depsWith(way), DAY / 2);
    expect(told(sent)).toEqual([["opened s-1"], ["opened s-2"]]);
  });

  test("what is serious and stands is told again after so many hours", async () => {
    const { sent, way } = recorder();
    await publish({ remindHours: 2 });
    await write(exception(1, "s-1"), exception(2, "s-2", "over_short_trend"));
    for (let minutes = 0; minutes <= 270; minutes += 10) await pass(depsWith(way), 10 * 60_000);
    expect(told(sent)).toEqual([["opened s-1", "opened s-2"], ["reminded s-1"], ["reminded s-1"]]);
  });

  test("without any way alerts stand all the same", async () => {
    await write(exception(1, "s-1"));
    await pass(depsWith(), 0);
    expect(await alerts()).toMatchObject([{ kind: "gap", subject: "s-1", ended_ms: null }]);
    expect(await rowsOf(database.storage, "select * from alert_delivery")).toEqual([]);
  });
});

describe("messages on their way", () => {
  test("SYN7: a message that fails waits longer each time, with full jitter, and is given up in the end", async () => {
    expect([1, 2, 3].map((attempts) => waitMs(attempts, () => 1))).toEqual(
      [2, 4, 8].map((times) => times * LIMITS.alertRetryMinMs),
    );
    expect(waitMs(99, () => 1)).toBe(LIMITS.alertRetryMaxMs);
    const { sent, way } = recorder(() => true);
    const deps = depsWith(way);
    await write(exception(1, "s-1"));
    await lookOnce(deps);
    for (let n = 0; n <= LIMITS.alertAttempts; n++) {
      nowMs += LIMITS.alertRetryMaxMs;
      await deliverDue(deps);
    }
    expect(sent).toEqual([]);
    const [message = {}] = await rowsOf(
      database.storage,
      "select attempts, failure, given_up_ms from alert_message",
    );
    expect(message).toMatchObject({ attempts: LIMITS.alertAttempts, failure: "busy" });
    expect(numberOf(message, "given_up_ms")).toBeGreaterThan(NOON);
  });

  test("of two ways, one that fails does not keep the other back", async () => {
    const broken = recorder(() => true);
    const whole = recorder();
    await write(exception(1, "s-1"));
    const deps = depsWith(broken.way, { ...whole.way, name: "webhook" });
    await pass(deps, 0);
    await pass(deps, 60_000);
    expect([broken.sent.length, whole.sent.length]).toEqual([0, 1]);
  });

  test("killed between any two writes, and after the sending, the same message goes again under the same id, and nothing is lost", async () => {
    const stores = ["s-1", "s-2", "s-3"];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }),
        async (kills) => {
          await emptyDatabase(database.storage);
          nowMs = NOON;
          const { sent, way } = recorder();
          await write(...stores.map((store, n) => exception(n, store)));
          let writesLeft = Infinity;
          const killed = {
            ...database.storage,
            read: database.storage.read.bind(database.storage),
            write: async (statements: readonly Statement[]) => {
              if (statements.length > 0 && --writesLeft < 0) throw new Error("killed");
              await database.storage.write(statements);
            },
          };
          const deps = { ...depsWith(way), storage: killed };
          for (const kill of [...kills, Infinity, Infinity, Infinity]) {
            writesLeft = kill;
            await pass(deps, 60_000).catch(() => undefined);
          }
          const byId = new Map(sent.map(({ id, content }) => [id, content]));
          for (const { id, content } of sent) expect(content).toEqual(byId.get(id));
          const items = [...byId.values()].flatMap((content) =>
            content.items.map(({ subject }) => subject),
          );
          expect(items.toSorted()).toEqual(stores);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("a real mail server that refuses, is silent, breaks off, and is started again: each alert has one message in the end", async () => {
    const mails: Mail[] = [];
    let server: MailServer = await openMailServer({ mails });
    const { port } = server;
    const email = createEmail({
      url: `smtp://127.0.0.1:${port}`,
      from: "a@shop.example",
      to: ["b@shop.example"],
      origin: null,
      timeoutMs: 250,
    });
    const deps = depsWith(email);
    await write(exception(1, "s-1"), exception(2, "s-2"));
    await lookOnce(deps);
    const troubles: (MailTrouble | "away")[] = [
      "later",
      "silent",
      "hang_up",
      "away",
      "refuse",
      "hang_up_after",
      "none",
    ];
    for (const trouble of troubles) {
      nowMs += LIMITS.alertRetryMaxMs;
      if (trouble === "away") await server.close();
      else {
        if (server.trouble === "hang_up") await server.close();
        if (trouble === "refuse") server = await openMailServer({ mails, port });
        server.trouble = trouble;
      }
      await deliverDue(deps);
    }
    await server.close();
    // It had been taken before the connection broke: sent again, and known by its id.
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map(({ id }) => id)).size).toBe(1);
    expect(mails[0]?.text).toMatch(/s-1[\s\S]*s-2/);
    expect(await rowsOf(database.storage, "select attempts, failure from alert_message")).toEqual([
      { attempts: troubles.length, failure: null },
    ]);
  });
});
