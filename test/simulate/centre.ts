/** The centre: intake and publisher over one database, as its process puts them together. */
import { isAsSent } from "@regulars/shared/content-digest";
import { eventsIntakeSchema, fragmentsIntakeSchema } from "@regulars/shared/protocol/intake";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { createIntake, type Intake } from "../../central/src/intake/intake.ts";
import { createProfileComparing } from "../../central/src/compare/profiles.ts";
import { createPaced } from "../../central/src/paced.ts";
import { announceStart } from "../../central/src/publish/announce.ts";
import { createEdge } from "../../central/src/publish/edge.ts";
import { keysAlone } from "../../central/src/testing/matching.ts";
import { createPublisher } from "../../central/src/publish/publisher.ts";
import { answered } from "./edge.ts";
import type { Answer, Request, Server } from "./network.ts";
import type { Image } from "./database.ts";
import type { Crash, Machine, WorldParts } from "./parts.ts";
import { IDENTITY, TOKEN } from "./parts.ts";
import type { Process } from "./process.ts";

export interface Centre extends Machine {
  readonly serve: Server;
  /** Down until it is told to start: nobody has noticed yet. */
  away(): void;
  start(): void;
  /** It goes, and comes back with what a backup of its database holds. */
  restore(image: Image, downMs: number): void;
  /** It has come back, and the edge has not heard of it. */
  isUnheard(): boolean;
  wasRestored(): boolean;
}

const WRITE_MS = 4;

export function createCentre(parts: WorldParts, edge: Server): Centre {
  const { timeline, processes, randomOf, diskOf, tell, onError, addressOf } = parts;
  const name = "centre";
  const disk = diskOf("centre", name, WRITE_MS);
  const random = randomOf(name);
  let isUnheard = false;
  let wasRestored = false;
  let running: { process: Process; intake: Promise<Intake> } | null = null;

  function start(): void {
    if (running) return;
    tell(name, () => "starts");
    const process = processes.start(name, () => {
      running = null;
    });
    running = { process, intake: open(process) };
  }

  async function open(process: Process): Promise<Intake> {
    const { storage } = disk.open(process);
    const atEdge = createEdge(addressOf(process, "centre>edge", edge), TOKEN);
    const publisher = createPublisher({
      storage,
      edge: atEdge,
      random,
      later: (delayMs, task) => process.after(delayMs, task),
      onFailure: (error) => onError(name, error),
    });
    publisher.kick();
    // Heard of before, it has nothing to tell: other worlds than those of a restore stay as they are.
    if (isUnheard) {
      let heard = 0;
      announceStart({
        async askEdge(method, path) {
          const answer = await atEdge.ask(method, path);
          if (answer.status === 200) heard += 1;
          if (heard === 2) isUnheard = false;
          return answer;
        },
        later: (delayMs, task) => process.after(delayMs, task),
        onFailure: (error) => onError(name, error),
      });
    }
    const intake = createIntake({
      storage,
      policy: DEFAULT_POLICY,
      // The oracle knows people by their keys alone.
      matching: keysAlone({ identity: IDENTITY }),
      nowMs: timeline.nowMs,
      onTaken: () => publisher.kick(),
    });
    if (parts.comparing) {
      const { confirmMs, gapMs, restMs } = parts.comparing;
      const profiles = createProfileComparing({
        storage,
        edge: atEdge.compare,
        intake,
        nowMs: timeline.nowMs,
        confirmMs,
        onWritten: () => publisher.kick(),
      });
      createPaced({
        step: async () => ((await profiles.step()) === "rest" ? restMs : gapMs),
        later: (delayMs, task) => process.after(delayMs, task),
        onFailure: (error) => onError(name, error),
        retryMs: restMs,
      });
    }
    return intake;
  }

  function crash({ downMs, power }: Crash): void {
    tell(name, () => (power ? "loses power" : "crashes"));
    running?.process.kill();
    if (power) disk.powerCut();
    timeline.after(downMs, start);
  }

  return {
    name,
    disk,
    isUp: () => running !== null,
    start,
    crash,
    away: () => running?.process.kill(),
    planCrash: (write, when, how) => disk.planCrash({ write, when, strike: () => crash(how) }),
    restore(image, downMs) {
      tell(name, () => "comes back from a backup");
      running?.process.kill();
      disk.database.restore(image);
      isUnheard = wasRestored = true;
      timeline.after(downMs, start);
    },
    isUnheard: () => isUnheard,
    wasRestored: () => wasRestored,
    heal() {
      disk.setFull(false);
      disk.planCrash({ write: Infinity, when: "before", strike: () => undefined });
      start();
    },
    async serve(request) {
      if (!running) return null;
      const { process, intake } = running;
      const answer = await answerOf(await intake, request).catch((error: unknown) => {
        onError(name, error);
        return { status: 500, body: "", digest: null };
      });
      return process.isHeard() ? answer : null;
    },
  };
}

const malformed: Answer = { status: 400, body: "", digest: null };

async function answerOf(intake: Intake, request: Request): Promise<Answer> {
  let json: unknown;
  try {
    json = JSON.parse(request.body);
  } catch {
    return malformed;
  }
  if (!isAsSent(request.body, request.digest, json)) return malformed;
  if (request.path === "/v1/intake/events") {
    return answered(JSON.stringify(await intake.events(eventsIntakeSchema.parse(json))));
  }
  return answered(JSON.stringify(await intake.fragments(fragmentsIntakeSchema.parse(json))));
}
