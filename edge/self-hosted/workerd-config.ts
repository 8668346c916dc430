/** The workerd configuration of a self-hosted edge, made from wrangler.toml: one description, two places to run. */
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { z } from "zod";

const wranglerSchema = z.object({
  compatibility_date: z.string(),
  vars: z.record(z.string(), z.string()),
  durable_objects: z.object({
    bindings: z.array(z.object({ name: z.string(), class_name: z.string() })),
  }),
});

/** Given by the environment of the process, so that no secret is written to a file. */
const FROM_ENVIRONMENT = [
  "CENTRAL_URL",
  "REGULARS_PEPPER",
  "REGULARS_CENTRAL_TOKEN",
  "REGULARS_EDGE_SECRET",
] as const;

/** Accepted beside those above while they are changed. */
export const ALSO_FROM_ENVIRONMENT = [
  "REGULARS_CENTRAL_TOKEN_ALSO",
  "REGULARS_EDGE_SECRET_ALSO",
] as const;

/** `vars` replace those of wrangler.toml; `also` are names of the environment that are set beside those that must be. */
export function workerdConfig(
  wranglerTomlPath: string,
  vars: Readonly<Record<string, string>>,
  also: readonly string[] = [],
): string {
  const wrangler = wranglerSchema.parse(parse(readFileSync(wranglerTomlPath, "utf8")));
  const objects = wrangler.durable_objects.bindings;
  const given: readonly string[] = [...FROM_ENVIRONMENT, ...also];
  const fixed = Object.entries({ ...wrangler.vars, ...vars }).filter(
    ([name]) => !given.includes(name),
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "data", disk = (writable = true)),
    # Where the Worker's fetch goes; the centre may be on this machine or in this network.
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true),
    )),
  ],
  sockets = [(name = "http", http = (), service = "edge")],
  # Left alone, V8 lets young garbage gather by the dozen megabytes before it looks.
  v8Flags = ["--max-semi-space-size=4"],
);

const edge :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = ${quoted(wrangler.compatibility_date)},
  durableObjectNamespaces = [
${lines(objects.map(({ class_name }) => `(className = ${quoted(class_name)}, uniqueKey = ${quoted(`regulars-${class_name}`)}, enableSql = true)`))}
  ],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
${lines([
  ...objects.map(
    (each) => `(name = ${quoted(each.name)}, durableObjectNamespace = ${quoted(each.class_name)})`,
  ),
  ...fixed.map(([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`),
  ...given.map((name) => `(name = ${quoted(name)}, fromEnvironment = ${quoted(name)})`),
])}
  ],
);
`;
}

const quoted = (text: string): string => JSON.stringify(text);

const lines = (entries: readonly string[]): string =>
  entries.map((entry) => `    ${entry},`).join("\n");
