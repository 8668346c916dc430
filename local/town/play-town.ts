/** `npm start`, from its options to Ctrl-C: opens the town, plays its next day, and stays. */
import { Temporal } from "temporal-polyfill";
import { createProgress } from "../progress.ts";
import { claimFolder } from "../system/claim.ts";
import { createInterrupt, Interrupted } from "../system/interrupt.ts";
import { openSecrets, type Secrets, secretsFile } from "../system/secrets.ts";
import type { System } from "../system/system.ts";
import { withSystem } from "../system/with-system.ts";
import { CLOSES, OPENS } from "./day.ts";
import { liveDay, type Lived } from "./live-day.ts";
import { readOptions, type TownOptions } from "./options.ts";
import { createTown } from "./people.ts";
import { planTown, STORES, ZONE } from "./plan.ts";
import { readTown, type TownState } from "./state.ts";
import { APP_ACCOUNT, openWebShop } from "./web-shop.ts";

const people = 400;
/** The town is that old when it is founded: its next weeks are not in the future then. */
const daysBack = 28;

export async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const state = nextDay(readTown(options.data) ?? foundTown(options));
  const claim = await claimFolder(options.data);
  const interrupt = createInterrupt();
  const progress = createProgress(process.stderr);
  const say = (line: string): void => progress.say(line);
  try {
    const secrets = await openSecrets(options.data);
    const town = createTown({ seed: state.seed, people, stores: STORES.length });
    const surroundings = { claim, interrupt, say, onRestart: () => undefined };
    await withSystem(planTown(options), secrets, surroundings, async (system) => {
      const { signal } = interrupt;
      const shop = await openWebShop(system.edgeUrl, secrets, options.data);
      const living = { system, shop, town, state, options, progress, signal };
      const lived = await liveDay(living);
      progress.stop();
      process.stdout.write(`${lived.story}\n`);
      if (options.exit) return;
      process.stdout.write(`\n${addressesOf(system, secrets, lived, options)}\n`);
      await new Promise(() => undefined); // whatever interrupts, ends it
    });
    return 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write("Everything has stopped; npm start goes on from here.\n");
    return 0;
  } finally {
    progress.stop();
    claim.release();
  }
}

function foundTown({ seed }: TownOptions): TownState {
  const firstDay = Temporal.Now.plainDateISO(ZONE).subtract({ days: daysBack }).toString();
  return { seed, firstDay, day: 0, minute: CLOSES, isDayOver: true, before: {} };
}

/** The day after, or the rest of a day that was interrupted. */
function nextDay(state: TownState): TownState {
  const day = state.isDayOver ? state.day + 1 : state.day;
  const { webSince = day } = state;
  if (!state.isDayOver) return { ...state, webSince };
  return { ...state, day, minute: OPENS, isDayOver: false, webSince };
}

function addressesOf(
  system: System,
  secrets: Secrets,
  { example, webExample }: Lived,
  { data }: TownOptions,
): string {
  const tills = system.agents.map(({ url, source }) => `  ${url}/openapi.json   ${source}`);
  return [
    "Open now, until Ctrl-C:",
    `  ${system.centreUrl}/sign-in   head office's console (sign in as console with ${secrets.consolePassword})`,
    `  ${system.edgeUrl}/reference   edge: its API, to read`,
    `  ${system.edgeUrl}   edge (bearer token: ${secrets.centralToken})`,
    ...tills,
    "A customer looked up at a till, with or without network:",
    `  curl -s ${system.agents[0]?.url}/v1/lookup -H 'authorization: Bearer ${secrets.localToken}' \\`,
    `    -H 'content-type: application/json' -d '${JSON.stringify({ query: example })}'`,
    ...(webExample === null
      ? []
      : [
          "The profile of somebody who ordered on the web, as the app reads it at the edge:",
          `  curl -s ${system.edgeUrl}/v1/customers/lookup -H "authorization: Bearer $(${keyCommand(data)})" \\`,
          `    -H 'content-type: application/json' -d '${JSON.stringify({ email: webExample })}'`,
        ]),
  ].join("\n");
}

/** The key stays in its file, and out of terminals and logs. */
const keyCommand = (folder: string): string => {
  const path = JSON.stringify(secretsFile(folder)).replaceAll("'", String.raw`'\''`);
  return `node -p 'require(${path}).apiKeys["${APP_ACCOUNT}"]'`;
};
