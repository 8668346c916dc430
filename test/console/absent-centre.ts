/** A centre that goes away for as long as a test says, and is started anew: the edge finds nobody there meanwhile. */
import { setTimeout as wait } from "node:timers/promises";
import { openUplink, type Uplink } from "../../local/system/uplink.ts";
import type { House, HouseOptions } from "../house.ts";

export interface AbsentCentre {
  /** For the house: where its edge is told that the centre is. */
  readonly centreForEdge: NonNullable<HouseOptions["centreForEdge"]>;
  /** Nobody gets an answer from it any more, not even a refusal. */
  leave(house: House): Promise<void>;
  /** It ends as it is, without warning, and another one serves. */
  comeBack(house: House): Promise<void>;
  close(): Promise<void>;
}

const POLL_MS = 100;

export function createAbsentCentre(): AbsentCentre {
  let wire: Uplink | null = null;
  return {
    async centreForEdge(centreUrl) {
      wire = await openUplink(0, Number(new URL(centreUrl).port));
      return `http://127.0.0.1:${wire.port}`;
    },
    async leave(house) {
      await wire?.cut();
      process.kill(-groupOf(house), "SIGSTOP");
    },
    async comeBack(house) {
      // Whoever keeps it running starts it again.
      process.kill(-groupOf(house), "SIGKILL");
      await untilHealthy(house.system.centreUrl);
      await wire?.restore();
    },
    async close() {
      await wire?.cut();
    },
  };
}

function groupOf({ system }: House): number {
  const centre = system.groups().find(({ kind }) => kind === "centre");
  if (!centre) throw new Error("a house has a centre");
  return centre.group;
}

async function untilHealthy(centreUrl: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${centreUrl}/health`).catch(() => null);
    if (answer?.ok === true) return;
    await wait(POLL_MS);
  }
}
