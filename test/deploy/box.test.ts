/** One box, as docs/deploy.md says it, as far as it goes without root: installed, started by what the units say, backed up. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, expect, test } from "vitest";
import { findPorts } from "../../local/system/ports.ts";
import { readManifest } from "../../local/backup/manifest.ts";

const ROOT = join(import.meta.dirname, "../..");
const box = mkdtempSync(join(tmpdir(), "regulars-box-"));
const running: ChildProcess[] = [];
afterAll(async () => {
  for (const child of running) {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  rmSync(box, { recursive: true, force: true });
});

const install = () =>
  spawnSync("sh", [join(ROOT, "deploy/install.sh"), "--root", box], { encoding: "utf8" });
const etc = (name: string) => join(box, "etc/regulars", name);
const unit = (name: string) => readFileSync(join(box, "etc/systemd/system", name), "utf8");

/** The command of a unit, with its paths on this machine. */
function commandOf(name: string, changes: Readonly<Record<string, string>> = {}): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit(name))?.[1] ?? "";
  const here = { "/opt/regulars": ROOT, "/var/lib": join(box, "var/lib"), ...changes };
  return Object.entries(here)
    .reduce((text, [from, to]) => text.replaceAll(from, to), line)
    .split(" ");
}

function start(part: string, options: string): ChildProcess {
  const variable = `$REGULARS_${part.toUpperCase()}_OPTIONS`;
  const [program = "", ...args] = commandOf(`regulars-${part}.service`, { [variable]: options });
  mkdirSync(join(box, `var/lib/regulars-${part}`), { recursive: true });
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], ...parseEnv(readFileSync(etc(`${part}.env`), "utf8")) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  running.push(child);
  return child;
}

const health = async (port: number): Promise<number | null> =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ status }) => status,
    () => null,
  );

test("installing draws secrets once, for nobody else to read, and again only brings units up to date", () => {
  expect(install()).toMatchObject({ status: 0, stderr: "" });
  const [centre, edge] = ["centre", "edge"].map((part) =>
    parseEnv(readFileSync(etc(`${part}.env`), "utf8")),
  );
  for (const name of ["REGULARS_PEPPER", "REGULARS_CENTRAL_TOKEN"]) {
    expect(centre?.[name]).toMatch(/^[0-9a-f]{64}$/);
    expect(edge?.[name]).toBe(centre?.[name]);
  }
  expect(new Set([...Object.values(centre ?? {}), ...Object.values(edge ?? {})]).size).toBe(6);
  expect(statSync(etc("")).mode & 0o777).toBe(0o700);
  for (const part of ["centre", "edge"])
    expect(statSync(etc(`${part}.env`)).mode & 0o777).toBe(0o600);
  const before = readFileSync(etc("centre.env"), "utf8");
  writeFileSync(join(box, "etc/systemd/system/regulars-edge.service"), "older");
  expect(install().status).toBe(0);
  expect(readFileSync(etc("centre.env"), "utf8")).toBe(before);
  expect(unit("regulars-edge.service")).toContain("[Service]");
});

test.skipIf(spawnSync("systemd-analyze", ["--version"]).status !== 0)(
  "systemd understands the units, and each has few rights",
  () => {
    const folder = join(box, "units");
    mkdirSync(folder);
    const names = readdirSync(join(ROOT, "deploy/systemd")).filter((name) =>
      /^regulars-(centre|edge|backup@)\.service$/.test(name),
    );
    expect(names).toHaveLength(3);
    for (const name of names) {
      const file = join(folder, name.replace("@", "@centre"));
      const text = readFileSync(join(ROOT, "deploy/systemd", name), "utf8");
      writeFileSync(
        file,
        text.replaceAll("/opt/regulars/node_modules/node/bin/node", process.execPath),
      );
      const verified = spawnSync("systemd-analyze", ["verify", "--man=no", file], {
        encoding: "utf8",
      });
      expect({ name, said: verified.stderr, status: verified.status }).toEqual({
        name,
        said: "",
        status: 0,
      });
      const args = ["security", "--offline=true", "--no-pager", "--threshold=20", file];
      expect({ name, status: spawnSync("systemd-analyze", args).status }).toEqual({
        name,
        status: 0,
      });
    }
  },
);

test("what the units start answers, says what it lacks, and is backed up while it runs", async () => {
  const centrePort = await findPorts(2, 27_650);
  const edgePort = centrePort + 1;
  start("centre", `--port=${centrePort} --edge=http://127.0.0.1:${edgePort}`);
  start("edge", `--port=${edgePort} --central=http://127.0.0.1:${centrePort}`);
  for (const port of [centrePort, edgePort]) {
    await expect.poll(() => health(port), { timeout: 20_000, interval: 50 }).toBe(200);
  }
  for (const part of ["centre", "edge"]) {
    const [shell = "", flag = "", ...script] = commandOf("regulars-backup@.service", {
      "%i": part,
      "%%": "%",
    });
    mkdirSync(join(box, `var/lib/regulars-backup-${part}`), { recursive: true });
    execFileSync(shell, [flag, script.join(" ").replace(/^'|'$/g, "")], { cwd: ROOT });
    const [taken = ""] = readdirSync(join(box, `var/lib/regulars-backup-${part}`));
    const { files } = await readManifest(join(box, `var/lib/regulars-backup-${part}`, taken));
    expect(files.length).toBeGreaterThan(0);
  }
});
