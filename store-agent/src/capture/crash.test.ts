import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sha256Uint32 } from "@regulars/shared/digest";
import { clientIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { expect, onTestFinished, test } from "vitest";
import { contributionOf, STATE_COLUMNS } from "../fragments/stored-fragment.ts";
import { sale, SOURCE } from "../../testing/settings.ts";
import { countWholeChain, journalOf, openTill, temporaryFolder } from "../../testing/till.ts";

const KILLS = 24;
const RECEIPTS_MAX = 60;
const CHILD = fileURLToPath(new URL("../../testing/capture-until-killed.ts", import.meta.url));

test("CAP1 CAP6 SYN1: what was answered survives SIGKILL at any point, and the journal is whole", async () => {
  const seed = process.env["REGULARS_SEED"] ?? String(Date.now());
  console.info(`REGULARS_SEED=${seed}`);
  const dataDir = await temporaryFolder();
  const answered = new Map<string, string>();
  for (let run = 1; run <= KILLS; run++) {
    await sellUntilKilled(dataDir, run, sha256Uint32(`${seed}/${run}`) % RECEIPTS_MAX, answered);
  }

  const till = await openTill({ dataDir });
  const rows = await journalOf(till.storage);
  expect(await countWholeChain(till.storage)).toBe(rows.length);
  const receipts = rows.flatMap(({ receipt }) => receipt ?? []);
  expect(receipts).toEqual(
    receipts.map((_, at) => `${SOURCE}-1-${String(at + 1).padStart(6, "0")}`),
  );
  const journalled = new Map(
    (
      await rowsOf(
        till.storage,
        "select idempotency_key, receipt from journal where receipt is not null",
      )
    ).map((row) => [row["idempotency_key"], row["receipt"]]),
  );
  expect(answered.size).toBeGreaterThan(KILLS);
  for (const [key, receipt] of answered) expect(journalled.get(key)).toBe(receipt);
  for (const [idempotencyKey, receipt] of [...answered].slice(-20)) {
    const again = await till.captured(sale({ idempotencyKey }));
    expect(again).toMatchObject({ receipt, repeated: true });
  }

  // Every fragment is where the journal says: nothing recorded twice, nothing lost.
  const writer = clientIdOf(SOURCE, 1);
  const fragments = await rowsOf(till.storage, `select ${STATE_COLUMNS} from fragment`);
  const sales = fragments.map((row) => contributionOf(row, writer)?.totals["GBP"]?.sales ?? 0);
  expect(sales.reduce((sum, each) => sum + each, 0)).toBe(receipts.length);
}, 180_000);

async function sellUntilKilled(
  dataDir: string,
  run: number,
  receiptsBefore: number,
  answered: Map<string, string>,
): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [CHILD, dataDir, String(run)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  let receipts = 0;
  for await (const line of createInterface({ input: child.stdout! })) {
    const [key, receipt] = line.split(" ");
    // A line that the kill cut short was not said.
    if (key && receipt && /-\d{6}$/.test(receipt)) {
      answered.set(key, receipt);
      receipts += 1;
    }
    if (receipts >= receiptsBefore) child.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
}
