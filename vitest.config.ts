import { availableParallelism } from "node:os";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const testTimeout = 30_000;

/** Tests that use a core or less, and nothing that is the machine's. */
const inParallel = { maxWorkers: availableParallelism(), sequence: { groupOrder: 0 } };
/** Whole houses with ports and processes of their own, and searches that use all cores: after the others. */
const oneByOne = {
  maxWorkers: 1,
  maxConcurrency: availableParallelism(),
  sequence: { groupOrder: 1 },
};

/** Houses that mostly wait, each with ports of a range of its own: as many side by side as there are cores, after the rest. */
const sideBySide = { maxWorkers: availableParallelism(), sequence: { groupOrder: 2 } };
const WAITING = [
  "test/front-door/**/*.test.ts",
  "test/restore/**/*.test.ts",
  "test/segment-client.test.ts",
];

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

export default defineConfig({
  test: {
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
      {
        test: {
          name: "house",
          include: ["test/**/*.test.ts"],
          exclude: WAITING,
          testTimeout,
          ...oneByOne,
        },
      },
      { test: { name: "houses", include: WAITING, testTimeout, ...sideBySide } },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // These tests are about the edge alone: to it, the centre is away.
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
          }),
        ],
        test: { name: "workers", include: ["edge/**/*.test.ts"], testTimeout, ...inParallel },
      },
    ],
  },
});
