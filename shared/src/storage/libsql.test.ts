import { describe, expect, test } from "vitest";
import { createLibsqlStorage, type LibsqlClient } from "./libsql.ts";

/** A client that answers with what its script says, and remembers what became of it. */
function scripted(log: string[], name: string, script: (string | Promise<string>)[]): LibsqlClient {
  return {
    async batch(_statements, mode) {
      log.push(`${name} ${mode}`);
      const outcome = await (script.shift() ?? "ok");
      if (outcome !== "ok") throw Object.assign(new Error(outcome), { code: outcome });
      return [{ rows: [], columns: [] }];
    },
    close: () => log.push(`${name} closed`),
  };
}

function open(scripts: (string | Promise<string>)[][]) {
  const log: string[] = [];
  let count = 0;
  const storage = createLibsqlStorage(() => {
    const name = `client ${++count}`;
    log.push(`${name} opened`);
    return scripted(log, name, scripts.shift() ?? []);
  });
  return { log, storage };
}

const write = [{ sql: "insert into item values (1)" }];

describe("CAP3: a client that has met SQLITE_BUSY is closed and never used again", () => {
  test.each(["SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"])(
    "%s: the same batch runs on a new one",
    async (code) => {
      const { log, storage } = open([["ok", code]]);
      await storage.write(write);
      await storage.write(write);
      await storage.read(write);
      expect(log).toEqual([
        "client 1 opened",
        "client 1 write",
        "client 1 write",
        "client 2 opened",
        "client 1 closed",
        "client 2 write",
        "client 2 read",
      ]);
    },
  );

  test("a second BUSY is told to the caller, and leaves a third client for the next batch", async () => {
    const { log, storage } = open([["SQLITE_BUSY"], ["SQLITE_BUSY"]]);
    await expect(storage.write(write)).rejects.toThrow("SQLITE_BUSY");
    await storage.write(write);
    expect(log.filter((line) => line.endsWith("write"))).toEqual([
      "client 1 write",
      "client 2 write",
      "client 3 write",
    ]);
    expect(log.filter((line) => line.endsWith("closed"))).toEqual([
      "client 1 closed",
      "client 2 closed",
    ]);
  });

  test("calls that meet it together open one new client", async () => {
    const { log, storage } = open([["SQLITE_BUSY", "SQLITE_BUSY", "CLIENT_CLOSED"]]);
    await Promise.all([storage.write(write), storage.read(write), storage.write(write)]);
    expect(log.filter((line) => line.endsWith("opened"))).toHaveLength(2);
    expect(log.filter((line) => line === "client 1 closed")).toHaveLength(1);
    expect(
      log
        .filter((line) => line.startsWith("client 2 "))
        .slice(1)
        .toSorted(),
    ).toEqual(["client 2 read", "client 2 write", "client 2 write"]);
  });

  test("another failure is the caller's, and the client stays", async () => {
    const { log, storage } = open([["SQLITE_CONSTRAINT", "CLIENT_CLOSED"]]);
    await expect(storage.write(write)).rejects.toThrow("SQLITE_CONSTRAINT");
    await expect(storage.write(write)).rejects.toThrow("CLIENT_CLOSED");
    await storage.write(write);
    expect(log).toEqual(["client 1 opened", "client 1 write", "client 1 write", "client 1 write"]);
  });
});
