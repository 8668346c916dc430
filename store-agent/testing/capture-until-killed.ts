/**
 * A till that sells until somebody kills it. Says each receipt only when the capture was answered.
 *
 *   node capture-until-killed.ts FOLDER RUN
 */
import { writeSync } from "node:fs";
import { openStoreAgent } from "../src/open-store-agent.ts";
import { sale, SETTINGS } from "./settings.ts";

const [dataDir = "", run = ""] = process.argv.slice(2);
const say = (words: string): void => void writeSync(1, `${words}\n`);

say("opening");
const key = process.env["REGULARS_ENCRYPTION_KEY"];
const agent = await openStoreAgent({
  ...SETTINGS,
  dataDir,
  ...(key === undefined ? {} : { encryptionKey: key }),
});

async function sell(caller: number): Promise<never> {
  for (let nth = 0; ; nth++) {
    const idempotencyKey = `${run}/${caller}/${nth}`;
    const customer = { email: `c${nth % 7}@example.org`, givenName: `Ann ${run}` };
    const answer = await agent.capture(sale({ idempotencyKey, customer }));
    if (!answer.ok) throw new Error("a sale was refused");
    say(`${idempotencyKey} ${answer.value.receipt}`);
  }
}

await Promise.all([sell(1), sell(2), sell(3)]);
