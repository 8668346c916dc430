/** The whole system as processes of its own, with a proxy on each link, and a POS in front of each till. */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findPorts } from "../../local/system/ports.ts";
import {
  agentProgram,
  centreProgram,
  edgeProgram,
  type Place,
} from "../../local/system/programs.ts";
import { openEnrolments } from "../../local/system/enrolments.ts";
import type { Secrets } from "../../local/system/secrets.ts";
import { untilAvailable } from "../../local/system/until-available.ts";
import type { Program } from "../../local/system/supervise.ts";
import { createRandom } from "../simulate/random.ts";
import { type CentreDatabase, createCentreDatabase } from "./database.ts";
import { createPart, type Part } from "./part.ts";
import { openPos, type Pos } from "./pos.ts";
import { openProxy, type Proxy } from "./proxy.ts";
import type { Receipts } from "./receipts.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";

export interface Till {
  readonly name: string;
  readonly source: string;
  readonly store: string;
  readonly folder: string;
  readonly part: Part;
  readonly link: Proxy;
  readonly pos: Pos;
}

export interface Town {
  readonly folder: string;
  readonly secrets: Secrets;
  readonly edgeUrl: string;
  readonly edge: Part;
  readonly centre: Part;
  readonly database: CentreDatabase;
  /** edge>centre, centre>edge. */
  readonly links: readonly Proxy[];
  readonly tills: Till[];
  /** With who writes to them: the first till and the edge. None where nothing may be mounted. */
  readonly smallDisks: readonly { readonly disk: SmallDisk; readonly part: () => Part }[];
  /** Opens a till on its folder and begins to sell. */
  addTill(till: Pick<Till, "name" | "source" | "store">): Promise<Till>;
  /** Starts a till again, with another code from the office where it needs one: whoever has its name elsewhere is shut out. */
  letIn(till: Till): Promise<void>;
  stop(): Promise<void>;
}

export interface TownPlan {
  readonly folder: string;
  readonly seed: string;
  readonly secrets: Secrets;
  readonly receipts: Receipts;
  readonly tills: readonly Pick<Till, "name" | "source" | "store">[];
  readonly firstPort: number;
  readonly everyMs: number;
}

const PLACE: Place = { zone: "Europe/London", country: "GB", currency: "GBP" };

export async function openTown(plan: TownPlan): Promise<Town> {
  const { folder, seed, secrets, receipts, everyMs } = plan;
  mkdirSync(join(folder, "logs"), { recursive: true });
  let nextPort = plan.firstPort;
  const takePort = async (): Promise<number> => {
    const port = await findPorts(1, nextPort);
    nextPort = port + 1;
    return port;
  };
  const [databasePort, centrePort, edgePort] = [
    await takePort(),
    await takePort(),
    await takePort(),
  ];
  const database = createCentreDatabase(folder, databasePort);
  const toCentre = await openProxy(centrePort, createRandom(`${seed}/edge>centre`));
  const toEdge = await openProxy(edgePort, createRandom(`${seed}/centre>edge`));
  const of = { folder, place: PLACE, centrePort, edgePort, database: database.url };
  const centre = createPart(centreProgram(of, secrets, toEdge.url));
  const edgeDisk = mountSmallDisk(join(folder, "disk-of-edge"));
  const tillDisk = mountSmallDisk(join(folder, "disk-of-till"));
  const edge = createPart(
    onDisk(edgeProgram(of, secrets, toCentre.url), join(edgeDisk?.folder ?? folder, "edge")),
  );
  const edgeUrl = `http://127.0.0.1:${edgePort}`;
  const tills: Till[] = [];
  await database.part?.start();
  await Promise.all([centre.start(), edge.start()]);

  // The edge may just have been killed: nothing of this is the till's.
  const codeFor = (till: Pick<Till, "source" | "store">, ownFolder: string) =>
    untilAvailable(async () => {
      const enrolment = await openEnrolments(edgeUrl, secrets.centralToken);
      return enrolment(till, ownFolder);
    }, new AbortController().signal);

  async function addTill({ name, source, store }: Pick<Till, "name" | "source" | "store">) {
    const port = await takePort();
    const link = await openProxy(edgePort, createRandom(`${seed}/${name}`));
    const ownFolder = join((tills.length === 0 ? tillDisk?.folder : undefined) ?? folder, name);
    const code = await codeFor({ source, store }, ownFolder);
    const program = agentProgram(of, { source, store, port }, secrets, link.url, code);
    const logBase = join(folder, "logs", name);
    const part = createPart({ ...onDisk(program, ownFolder), name, logBase });
    await part.start();
    const pos = openPos({
      till: name,
      url: `http://127.0.0.1:${port}`,
      token: secrets.localToken,
      receipts,
      random: createRandom(`${seed}/pos/${name}`),
      everyMs,
    });
    const till: Till = { name, source, store, folder: ownFolder, part, link, pos };
    tills.push(till);
    return till;
  }
  for (const till of plan.tills) await addTill(till);
  return {
    folder,
    secrets,
    edgeUrl,
    edge,
    centre,
    database,
    links: [toCentre, toEdge],
    tills,
    smallDisks: [
      ...(edgeDisk ? [{ disk: edgeDisk, part: () => edge }] : []),
      ...(tillDisk ? [{ disk: tillDisk, part: () => tills[0]?.part ?? edge }] : []),
    ],
    addTill,
    async letIn({ source, store, folder: ownFolder, part }) {
      const code = await codeFor({ source, store }, ownFolder);
      await part.kill();
      await part.start({ env: code === null ? {} : { REGULARS_ENROLMENT_CODE: code } });
    },
    async stop() {
      for (const { part } of tills) await part.kill();
      await edge.kill();
      await centre.kill();
      await database.part?.kill();
      for (const proxy of [toCentre, toEdge, ...tills.map(({ link }) => link)]) await proxy.close();
      for (const disk of [tillDisk, edgeDisk]) disk?.unmount();
    },
  };
}

/** The same program, with its files in that folder. */
function onDisk(program: Program, folder: string): Program {
  mkdirSync(folder, { recursive: true });
  const args = program.args.map((arg) => (arg.startsWith("--data=") ? `--data=${folder}` : arg));
  return { ...program, args };
}

const HIGH_WATER = "high-water";

/** Nobody writes to either of the folders meanwhile. */
export function copyFolder(from: string, to: string, { keepMark = false } = {}): void {
  if (!keepMark) rmSync(to, { recursive: true, force: true });
  else {
    for (const file of ["store-agent.db", "store-agent.db-wal", "store-agent.db-shm"]) {
      rmSync(join(to, file), { force: true });
    }
  }
  cpSync(from, to, {
    recursive: true,
    filter: (source) => !(keepMark && source.endsWith(HIGH_WATER)),
  });
}
