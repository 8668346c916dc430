/** What would be deployed to Cloudflare, made as it would be, and not sent. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { parse } from "smol-toml";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");
const ENVIRONMENTS = ["staging", "production"] as const;
const run = promisify(execFile);

const bindings = z.array(z.object({ name: z.string(), class_name: z.string() }));
const partSchema = z.object({
  vars: z.record(z.string(), z.string()),
  durable_objects: z.object({ bindings }),
});
const deployedSchema = partSchema.extend({
  secrets: z.object({ required: z.array(z.string()) }),
});
const fileSchema = partSchema.extend({
  migrations: z.array(z.object({ new_sqlite_classes: z.array(z.string()) })),
  env: z.object({ staging: deployedSchema, production: deployedSchema }),
});
const SECRETS = ["REGULARS_PEPPER", "REGULARS_CENTRAL_TOKEN", "REGULARS_EDGE_SECRET"];

test("each environment has all that the top level has: none is inherited", async () => {
  const { env, migrations, ...top } = fileSchema.parse(
    parse(await readFile(join(ROOT, "wrangler.toml"), "utf8")),
  );
  for (const name of ENVIRONMENTS) {
    const { vars, secrets, durable_objects } = env[name];
    expect(Object.keys(vars).toSorted()).toEqual(Object.keys(top.vars).toSorted());
    expect({ secrets, durable_objects }).toEqual({
      secrets: { required: SECRETS },
      durable_objects: top.durable_objects,
    });
    // Where every customer lies, once and for all.
    expect(vars).toMatchObject({
      PROFILE_SHARDS: top.vars["PROFILE_SHARDS"],
      DIRECTORY_SHARDS: top.vars["DIRECTORY_SHARDS"],
    });
  }
  const classes = top.durable_objects.bindings.map(({ class_name }) => class_name);
  expect(migrations.flatMap(({ new_sqlite_classes }) => new_sqlite_classes).toSorted()).toEqual(
    classes.toSorted(),
  );
});

/** What the edge weighs (gzip, bytes). The most of it by far is the table by which letters of all scripts are read. */
const BUNDLE_BYTES_MAX = 400_000;

test("the production edge can be deployed, and is small", async () => {
  const folder = await mkdtemp(join(tmpdir(), "regulars-wrangler-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const args = ["deploy", "--dry-run", "--env", "production", "--outdir", folder];
  const { stdout } = await run(process.execPath, [wrangler, ...args], {
    cwd: ROOT,
    // Asks nobody, and writes nothing outside of its folder.
    env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: folder },
  });
  expect(stdout).toContain("--dry-run: exiting now");
  for (const name of ["INBOX", "DIRECTORY", "PROFILE", "REGISTRY", "INTAKE", "CENTRAL_URL"]) {
    expect(stdout).toContain(`env.${name}`);
  }
  const bytes = gzipSync(await readFile(join(folder, "worker.js")), { level: 9 }).length;
  expect(bytes).toBeLessThan(BUNDLE_BYTES_MAX);
});
