import { availableParallelism } from "node:os";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { QUICK_START } from "./local/system/programs.ts";

/** Of whatever the tests start as well: threads, tills, a centre. Half of what it takes to start one is compiling. */
Object.assign(process.env, QUICK_START);

const testTimeout = 30_000;
/** To start or stop a whole house, on a machine that is busy with others. */
const hookTimeout = 90_000;

/** Tests that use a core or less, and nothing that is the machine's. */
const inParallel = { maxWorkers: availableParallelism(), sequence: { groupOrder: 0 } };
/** Searches that use all cores by themselves. */
const oneByOne = {
  maxWorkers: 1,
  maxConcurrency: availableParallelism(),
  sequence: { groupOrder: 1 },
};
const SIMULATED = ["test/simulate/*.test.ts"];
const SEARCHES = ["test/simulate/{simulate,mutations}.test.ts"];
/** Whole houses, each with ports of a range of its own. They wait about half of the time, so there is one more than there are cores. */
const sideBySide = { maxWorkers: availableParallelism() + 1, sequence: { groupOrder: 2 } };

/** What would be left alone at the end, for it takes long for its size, which is all that is known of files on a fresh checkout. */
const LONG =
  /\/(chaos\/chaos|console\/house|restore\/rotation|segment-client|simulate\/compare)\.test\.ts$/;

const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is not an array's
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((each) => !isLong(each))];
  }
}

/** An identity provider whose published keys are what a test has put there; everybody else is away. */
const published = new Map<string, string>();
async function outside(request: Request): Promise<Response> {
  const { hostname, pathname } = new URL(request.url);
  if (hostname !== "idp.test") return new Response("away", { status: 503 });
  if (request.method === "PUT") published.set(pathname, await request.text());
  const keys = published.get(pathname);
  return keys === undefined
    ? new Response("none", { status: 404 })
    : new Response(keys, { headers: { "content-type": "application/json" } });
}

/** workerd with the edge in it. These tests are about the edge alone: to it, the centre is away. */
const edge = () =>
  cloudflareTest({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      outboundService: outside,
      bindings: {
        REGULARS_PEPPER: "pepper-for-tests-only",
        REGULARS_CENTRAL_TOKEN: "central-token-for-tests",
        REGULARS_EDGE_SECRET: "edge-secret-for-tests",
        IDP_ISSUER: "https://idp.test/",
        IDP_AUDIENCE: "regulars",
        IDP_JWKS_URL: "https://idp.test/jwks",
        IDP_REALM: "shop",
        APP_ACCOUNT: "the-app",
        APP_ORIGINS: "https://app.example, https://web.example",
      },
    },
  });

/** Tests at the edge with objects that have no name, or with none: the others end with a reset of all objects. */
const OWN_OBJECTS = [
  "edge/src/**/*.test.ts",
  "edge/test/{older-tables,rests,serve-fields,serve-timeline,set-golden,sha256}.test.ts",
];

/** How long a poll may wait on a machine that is busy. */
const poll = { timeout: 20_000 };

export default defineConfig({
  test: {
    expect: { poll },
    sequence: { sequencer: LongOnesFirst },
    projects: [
      {
        test: {
          name: "node",
          include: ["{shared,store-agent,central,local,scripts,bench}/**/*.test.{ts,tsx}"],
          testTimeout,
          // Modules have no state that a test could leave behind, and to load them anew for each file takes longer than the tests.
          isolate: false,
          ...inParallel,
        },
      },
      { test: { name: "searches", include: SEARCHES, testTimeout, ...oneByOne } },
      {
        // They put a fetch and timers of their own into the process.
        test: {
          name: "simulated",
          include: SIMULATED,
          exclude: SEARCHES,
          testTimeout,
          ...sideBySide,
        },
      },
      {
        test: {
          name: "house",
          include: ["test/**/*.test.ts"],
          exclude: SIMULATED,
          globalSetup: "test/console/chromium.ts",
          testTimeout,
          hookTimeout,
          // A file opens a house and closes it, and leaves nothing in the process.
          isolate: false,
          ...sideBySide,
        },
      },
      {
        plugins: [edge()],
        test: {
          name: "objects",
          include: OWN_OBJECTS,
          testTimeout,
          // A file's share of starting workerd and of reading the edge's modules is longer than its tests.
          isolate: false,
          ...inParallel,
        },
      },
      {
        plugins: [edge()],
        test: {
          name: "workers",
          include: ["edge/**/*.test.ts"],
          exclude: OWN_OBJECTS,
          testTimeout,
          setupFiles: "edge/test/afresh.ts",
          isolate: false,
          ...inParallel,
        },
      },
    ],
  },
});
