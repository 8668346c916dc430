/** Until all that the web shop has sent is golden, as the tills' events are. */
import { setTimeout as wait } from "node:timers/promises";
import { CommandFailure } from "../command.ts";
import { readCentreEvents } from "../system/journals.ts";
import type { ShopClient } from "../system/shop-client.ts";
import type { System } from "../system/system.ts";
import { untilAvailable } from "../system/until-available.ts";
import { ACCOUNTS } from "./web-shop.ts";

const stalledAfterMs = 120_000;
const lookEveryMs = 250;

const OWN: ReadonlySet<string> = new Set(ACCOUNTS.map(({ account }) => account.id));

/**
 * How many of the shop's messages could not be used; what is known to be unusable is not waited for. Accounts that
 * somebody has opened beside the shop's are none of its business.
 */
export async function untilWebGolden(shop: ShopClient, signal: AbortSignal): Promise<number> {
  let seen = "";
  let movedMs = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const all = await untilAvailable(() => shop.health(), signal);
    const accounts = all.filter(({ account }) => OWN.has(account));
    const stopped = accounts.find((account) => account.stopped !== null);
    if (stopped) throw new CommandFailure(`The journal of ${stopped.account} is contradicted.`);
    const behind = accounts.map(({ waiting, notGolden }) => waiting + notGolden);
    if (behind.every((events) => events === 0)) {
      return accounts.reduce((sum, { failed }) => sum + failed, 0);
    }
    if (JSON.stringify(behind) !== seen) movedMs = Date.now();
    seen = JSON.stringify(behind);
    if (Date.now() - movedMs > stalledAfterMs) {
      throw new CommandFailure(
        `What the web shop has sent is not golden, and nothing has moved for ${stalledAfterMs / 1000} s.`,
      );
    }
    await wait(lookEveryMs);
  }
}

/** In its accounts' journals, on this day and all before. */
export async function countWebEvents(system: System, signal: AbortSignal): Promise<number> {
  let count = 0;
  for (const { account } of ACCOUNTS) {
    const events = readCentreEvents(system, { source: account.id, epoch: 1 }, signal);
    // Numbered from 1.
    for await (const { seq } of events) if (seq > 0) count++;
  }
  return count;
}
