/** What the machines of a world are made of. */
import type { Decision } from "@regulars/shared/protocol/publish";
import type { Push } from "@regulars/shared/protocol/push";
import type { DatabaseKind } from "./database.ts";
import type { Disk } from "./disk.ts";
import type { Network, Server } from "./network.ts";
import type { Process, ProcessTable } from "./process.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

export interface WorldParts {
  readonly timeline: Timeline;
  readonly processes: ProcessTable;
  readonly network: Network;
  readonly randomOf: (purpose: string) => Random;
  readonly diskOf: (kind: DatabaseKind, name: string, writeMs: number) => Disk;
  readonly tell: (actor: string, what: () => string) => void;
  /** A broken invariant of a machine itself; failures that a machine has to live with are none. */
  readonly onError: (actor: string, error: unknown) => void;
  /** An address under which the process reaches a server by `fetch`. */
  readonly addressOf: (process: Process, link: string, serve: Server) => string;
  /** Whether a write of a Durable Object and the alarm that follows it are durable together. If not, there is a sweep. */
  readonly alarmsAreSure: boolean;
  readonly innerPauseMs: number;
  /** Whether the centre compares its customers with the edge's all the while, and how often. */
  readonly comparing: Comparing | null;
  /** What the observer has to know of what passes between till and edge. */
  readonly onPush: (push: Push, outcome: string) => void;
  readonly onPublish: (decisions: readonly Decision[]) => void;
}

export interface Comparing {
  readonly confirmMs: number;
  readonly gapMs: number;
  readonly restMs: number;
}

export interface Crash {
  readonly downMs: number;
  /** The disk loses what was not synced. */
  readonly power: boolean;
}

/** What may crash. */
export interface Machine {
  readonly name: string;
  readonly disk: Disk;
  isUp(): boolean;
  crash(crash: Crash): void;
  planCrash(write: number, when: "before" | "after", crash: Crash): void;
  /** Faults are over: nothing is planned, nothing is full, and what is down starts. */
  heal(): void;
}

/** With a realm, so that tills take in the accounts of a web shop. */
export const IDENTITY = { pepper: "pepper-of-the-simulator", country: "GB", realm: "shop" };
export const PLACE = { zone: "Europe/London", currency: "GBP" };
export const TOKEN = "token-of-the-simulator";
