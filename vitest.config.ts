import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const testTimeout = 30_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["{shared,store-agent,central,local,test,scripts}/**/*.test.{ts,tsx}"],
          testTimeout,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // These tests are about the edge alone: to it, the centre is away.
              outboundService: () => new Response("away", { status: 503 }),
              bindings: {
                REGULARS_PEPPER: "pepper-for-tests-only",
                REGULARS_AGENT_TOKEN: "agent-token-for-tests",
                REGULARS_APP_TOKEN: "app-token-for-tests",
                REGULARS_CENTRAL_TOKEN: "central-token-for-tests",
                REGULARS_EDGE_SECRET: "edge-secret-for-tests",
              },
            },
          }),
        ],
        test: { name: "workers", include: ["edge/**/*.test.ts"], testTimeout },
      },
    ],
  },
});
