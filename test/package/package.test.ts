import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { findPorts } from "../../local/system/ports.ts";
import { ROOT } from "../../local/system/programs.ts";
import { packAgent } from "../../scripts/pack-agent.ts";

const run = promisify(execFile);

/** An empty folder with the package beside it; the first test installs it, as its README says. */
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "regulars-empty-"));
  const packed = await mkdtemp(join(tmpdir(), "regulars-packed-"));
  const tarball = await packAgent(packed);
  await copyFile(tarball, join(project, basename(tarball)));
  await rm(packed, { recursive: true });
}, 60_000);

afterAll(() => rm(project, { recursive: true, force: true }));

/** Without what this tree brings: the machine's own Node has to do. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH = "", HOME, npm_config_cache, npm_config_registry } = process.env;
  const paths = PATH.split(delimiter).filter((path) => !path.includes("node_modules"));
  const quick = {
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
  return { PATH: paths.join(delimiter), HOME, npm_config_cache, npm_config_registry, ...quick };
}

async function blockOf(language: string, heading: string): Promise<string> {
  const readme = await readFile(join(ROOT, "store-agent/README.md"), "utf8");
  const section = readme.split(`## ${heading}\n`)[1] ?? "";
  return new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``).exec(section)?.[1] ?? "";
}

test("three commands of its README lead from an empty folder to the first captured sale", async () => {
  const commands = await blockOf("sh", "From nothing to the first sale");
  expect(commands.split("\n").map((line) => line.trim().split(" ")[0])).toEqual([
    "npm",
    expect.stringMatching(/^REGULARS_/),
    "curl",
  ]);
  const port = await findPorts(1, 27_700);
  const script = commands.replaceAll("4311", String(port));
  const shell = spawn("bash", ["-e", "-c", `${script}\necho\nkill %1\nwait`], {
    cwd: project,
    env: bareEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, to be ended as one
  });
  const group = shell.pid ?? 0;
  onTestFinished(() => endGroup(group));
  const [said, complained] = [text(shell.stdout), text(shell.stderr)];
  await once(shell, "exit");
  endGroup(group); // npx hands a signal on or not, as its version likes
  expect(await complained).not.toMatch(/error|warn/i);
  expect(await said).toContain('"receipt":"till-1-1-000001"');
}, 60_000);

function endGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // gone already
  }
}

test("its README's Node till sells and finds on the machine's own Node, and its types hold alone", async () => {
  const source = await blockOf("js", "In a Node POS");
  await writeFile(join(project, "till.mjs"), source);
  const { stdout } = await run("node", ["till.mjs"], { cwd: project, env: bareEnvironment() });
  expect(stdout.trim().split("\n")).toEqual(["receipt till-2-1-000001", "Ada"]);

  await writeFile(join(project, "till.mts"), `${source}\n${WRONG_USE}`);
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--noEmit", "--types", "node"];
  const options = ["--module", "nodenext", "--target", "es2022", ...strict];
  await run(process.execPath, [compiler, ...options, "till.mts"], { cwd: project });
}, 60_000);

/** Types that were lost would be `any`, and nothing would be wrong with it. */
const WRONG_USE = `
// @ts-expect-error -- a receipt is no number
if (sale.ok) { const receipt: number = sale.value.receipt; void receipt; }
// @ts-expect-error -- there is no such setting
await openStoreAgent({ datadir: "." });
`;

test("SEC2: its systemd unit starts it with secrets from files, as a till that sells into an encrypted folder", async () => {
  const credentials = join(project, "credentials");
  const state = join(project, "state");
  const token = "a-token-of-this-till";
  await mkdir(credentials);
  for (const [name, secret] of [
    ["pepper", "a pepper of the tests"],
    ["local-token", token],
    ["encryption-key", "k".repeat(44)],
  ] as const) {
    await writeFile(join(credentials, name), `${secret}\n`);
  }
  const port = String(await findPorts(1, 27_700));
  const unit = (await deployed("regulars-agent.service"))
    .replaceAll("/usr/bin/node", "node")
    .replaceAll("/opt/regulars-agent", project)
    .replaceAll("%S", state)
    .replaceAll("%d", credentials)
    .replace(
      "$REGULARS_AGENT_OPTIONS",
      /^REGULARS_AGENT_OPTIONS=(.*)$/m.exec(await deployed("regulars-agent.env"))?.[1] ?? "",
    )
    .replace("--port=4311", `--port=${port}`)
    .replace("https://edge.example.com", "http://127.0.0.1:9");
  const [command = "", ...args] = (/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? "").split(" ");
  const settings: NodeJS.ProcessEnv = {};
  for (const [, name = "", value = ""] of unit.matchAll(/^Environment=([^=]+)=(.*)$/gm)) {
    settings[name] = value;
  }
  const agent = spawn(command, args, {
    env: { ...bareEnvironment(), ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void agent.kill("SIGKILL"));
  for await (const line of createInterface({ input: agent.stdout })) {
    if (line.includes('"ready"')) break;
  }
  const answer = await fetch(`http://127.0.0.1:${port}/v1/captures`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"kind":"sale","lines":[{"sku":"TEA-1","quantity":"2","unitPrice":"3.95"}]}',
  });
  expect(await answer.json()).toMatchObject({ receipt: "till-1-1-000001" });
  agent.kill("SIGTERM");
  await once(agent, "exit");
  const database = await readFile(join(state, "regulars-agent/till/store-agent.db"));
  expect(database.subarray(0, 6).toString()).not.toBe("SQLite");
});

test.skipIf(!hasSystemd())(
  "systemd takes the unit as it is, and finds little that it may do",
  async () => {
    const unit = join(project, "regulars-agent.service");
    const installed = await deployed("regulars-agent.service");
    await writeFile(unit, installed.replaceAll("/usr/bin/node", process.execPath));
    const { stdout, stderr } = await run("systemd-analyze", ["verify", unit]);
    expect(stdout + stderr).toBe("");
    // Of a hundred; an ordinary service is at 96.
    await run("systemd-analyze", ["security", "--offline=true", "--threshold=15", unit]);
  },
);

const deployed = (name: string): Promise<string> =>
  readFile(join(ROOT, "deploy/systemd", name), "utf8");

function hasSystemd(): boolean {
  const { stdout } = spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" });
  // The first that judges a file that is not installed.
  return Number(/^systemd (\d+)/.exec(stdout ?? "")?.[1] ?? 0) >= 250;
}

test("the package holds what it says, and nothing of the machine that made it", async () => {
  const folder = join(project, "node_modules/@regulars/store-agent");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile());
  expect((await readdir(folder)).toSorted()).toEqual([
    "LICENSE",
    "README.md",
    "THIRD-PARTY-LICENSES.txt",
    "lib",
    "package.json",
    "types",
  ]);
  for (const { name, parentPath } of files) {
    expect(name).toMatch(
      /^(LICENSE|README\.md|THIRD-PARTY-LICENSES\.txt|package\.json|.*\.(js|d\.ts))$/,
    );
    const content = await readFile(join(parentPath, name), "utf8");
    expect(content.includes(ROOT)).toBe(false);
    expect(content).not.toMatch(/sourceMappingURL|from "@regulars\/shared/);
  }
  const manifest: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const { version } = JSON.parse(
    await readFile(join(ROOT, "store-agent/package.json"), "utf8"),
  ) as { version: string };
  expect(manifest).toMatchObject({
    name: "@regulars/store-agent",
    version,
    license: "Apache-2.0",
    engines: { node: ">=20.12" },
  });
});
