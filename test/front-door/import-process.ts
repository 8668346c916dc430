/** The import command as a process of its own, and what stands between it and the edge. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { ROOT } from "../../local/system/programs.ts";

export interface Imported {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run -s import`; `onStart` is given the process group. */
export async function runImport(
  args: readonly string[],
  key: string,
  onStart: (group: number) => void = () => undefined,
): Promise<Imported> {
  const child = spawn("npm", ["run", "-s", "import", "--", ...args], {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, REGULARS_API_KEY: key },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (said.stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (said.stderr += String(chunk)));
  if (child.pid !== undefined) onStart(child.pid);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...said };
}

/** Passes calls on; `onTaken` is called when the edge has answered, before whoever called hears of it. */
export async function openPassage(
  edgeUrl: string,
  onTaken: (path: string) => void,
): Promise<{ readonly url: string; close(): void }> {
  const { hostname, port } = new URL(edgeUrl);
  const server = createServer((from, to) => {
    const { method = "GET", url = "/", headers } = from;
    const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
      onTaken(url);
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on("error", () => to.destroy());
    from.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
