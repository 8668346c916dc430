/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { addTry, newestTries, oneTry, POLICY_KINDS, type PolicyKind, type PolicyTry, readTries, stopStatement } from "../../policy/tries.ts"; // prettier-ignore
import { type PublishDeps, publishTry, readRun, readSources, readVersions, standingVersion, totalOf } from "../../policy/versions.ts"; // prettier-ignore
import { parseRequest, Refused } from "../../problem-answer.ts";
import { csvResponse } from "../csv.ts";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { Layout } from "../layout.tsx";
import { candidateOf, candidateOfText, draftOf, type Fields } from "./draft.ts";
import { PolicyPage, type PolicyPageProps, PolicyTabs, Run, versionColumns } from "./page.tsx";
import { readSampleValues } from "./sample-values.ts";
import { Overtaken, TryPage, type TryPageProps, TryState } from "./try-page.tsx";
import { differenceColumns, VersionPage } from "./version-page.tsx";
import { policyDifference } from "./words.ts";

export interface PolicyPagesDeps extends PublishDeps {
  /** A policy waits to be tried. */
  readonly onTry: () => void;
}

const HISTORY_ROWS = 100;
/** A policy as JSON, once more as a file, and what a form needs around it. */
const FORM_BYTES = 3 * LIMITS.policyBytes;

const numberSchema = z.coerce.number().int().min(1);
const pageQuery = z.object({
  as: z.enum(["form", "json"]).default("form"),
  csv: z.literal("versions").optional(),
});
const versionQuery = z.object({ csv: z.literal("difference").optional() });
const baseSchema = z.object({ base: numberSchema, as: z.enum(["form", "json"]) });
const publishForm = z.object({ digest: z.string().max(64) });

const limited = bodyLimit({
  maxSize: FORM_BYTES,
  onError: () => {
    throw new Refused("too_large");
  },
});

export function policyPageRoutes(deps: PolicyPagesDeps): Hono<ConsoleEnv> {
  const routes = new Hono<ConsoleEnv>();
  routes.get("/policy", permit("policy.read"), (c) => c.redirect("/policy/survivorship"));
  for (const kind of POLICY_KINDS) {
    readRoutes(routes, kind, deps);
    changeRoutes(routes, kind, deps);
  }
  return routes;
}

function readRoutes(
  routes: Hono<ConsoleEnv>,
  kind: PolicyKind,
  { storage }: PolicyPagesDeps,
): void {
  const at = `/policy/${kind}`;

  routes.get(at, permit("policy.read"), async (c) => {
    const { as, csv } = parseRequest(pageQuery, c.req.query());
    if (csv) {
      mayExport(c);
      const versions = await readVersions(storage, kind, { limit: HISTORY_ROWS });
      return csvResponse(`policy-${kind}`, tableFile(versionColumns(kind), versions));
    }
    return c.html(<PolicyPage {...await readPage(storage, kind, c, as)} />);
  });

  routes.get(`${at}/run`, permit("policy.read"), async (c) =>
    c.html(<Run run={await readRun(storage, kind)} kind={kind} />),
  );

  routes.get(`${at}/versions/:version{[0-9]+\\.json}`, permit("policy.read"), async (c) => {
    const version = await readVersion(storage, kind, c.req.param("version").replace(".json", ""));
    c.header("content-disposition", `attachment; filename="${kind}-${version.version}.json"`);
    return c.json(version.policy);
  });

  routes.get(`${at}/versions/:version`, permit("policy.read"), async (c) => {
    const { csv } = parseRequest(versionQuery, c.req.query());
    const version = await readVersion(storage, kind, c.req.param("version"));
    const [before = null] = await readVersions(storage, kind, {
      before: version.version,
      limit: 1,
    });
    if (csv) {
      mayExport(c);
      const rows = before ? policyDifference(before.policy, version.policy) : [];
      return csvResponse(`policy-${kind}-${version.version}`, tableFile(differenceColumns, rows));
    }
    return c.html(<VersionPage page={pageOf(c)} kind={kind} version={version} before={before} />);
  });

  routes.get(`${at}/tries/:n`, permit("policy.read"), async (c) => {
    const tried = await readTry(storage, kind, c.req.param("n"));
    const props = await readTryPage(storage, tried, c);
    return c.html(props.page.isPart ? <TryState {...props} /> : <TryPage {...props} />);
  });
}

function changeRoutes(routes: Hono<ConsoleEnv>, kind: PolicyKind, deps: PolicyPagesDeps): void {
  const { storage, nowMs, onTry } = deps;
  const at = `/policy/${kind}`;
  const [tries, publishes] =
    kind === "quality"
      ? (["quality.manage", "quality.manage"] as const)
      : (["policy.try", "policy.publish"] as const);

  routes.post(`${at}/tries`, permit(tries), limited, async (c) => {
    const fields = await c.req.parseBody();
    const { base, as } = parseRequest(baseSchema, fields);
    const standing = await standingVersion(storage, kind);
    if (standing.version !== base) return overtaken(c, kind, standing);
    const text = as === "json" ? await textOf(fields) : null;
    const candidate = text === null ? candidateOf(kind, fields, standing.policy) : candidateOfText(text); // prettier-ignore
    const sources = await readSources(storage);
    const draft = draftOf(kind, candidate, { version: base + 1, sources });
    if (!draft.ok) {
      const props = await readPage(storage, kind, c, as);
      const refused = { candidate: draft.candidate, text, words: draft.words };
      return c.html(<PolicyPage {...props} refused={refused} />, 422);
    }
    const { id, name } = c.get("person");
    const n = await addTry(
      storage,
      {
        kind,
        policy: draft.policy,
        base,
        total: await totalOf(storage, kind),
        by: name,
        nowMs: nowMs(),
      },
      [auditStatement({ atMs: nowMs(), by: id, action: tries, target: `${kind}/${base + 1}` })],
    );
    onTry();
    return c.redirect(`${at}/tries/${n}`, 303);
  });

  routes.post(`${at}/tries/:n/stop`, permit(tries), limited, async (c) => {
    const tried = await readTry(storage, kind, c.req.param("n"));
    await storage.write([
      stopStatement(tried.n, nowMs()),
      auditStatement({
        atMs: nowMs(),
        by: c.get("person").id,
        action: tries,
        target: `${kind}/${tried.base + 1}`,
        detail: { stopped: tried.n },
      }),
    ]);
    return c.redirect(`${at}/tries/${tried.n}`, 303);
  });

  routes.post(`${at}/tries/:n/publish`, permit(publishes), limited, async (c) => {
    const { digest } = parseRequest(publishForm, await c.req.parseBody());
    const tried = await readTry(storage, kind, c.req.param("n"));
    const published = await publishTry(deps, { n: tried.n, kind, digest }, c.get("person"));
    if (published.ok) return c.redirect(at, 303);
    if (published.reason === "overtaken") return overtaken(c, kind, published.standing);
    const words = {
      unknown: "There is no such try.",
      unfinished: "It is not tried to the end yet, so nobody knows what it would change.",
      other: "This is not the policy that was tried. Try it again, and publish what you see then.",
    }[published.reason];
    return c.html(
      <Layout title="Not published" page={pageOf(c)}>
        <h1>Policy</h1>
        <PolicyTabs kind={kind} />
        <div class="refused" role="alert">
          <strong>Nothing was published.</strong> {words}{" "}
          <a href={`${at}/tries/${tried.n}`}>Back</a>
        </div>
      </Layout>,
      409,
    );
  });
}

function overtaken(
  c: Context<ConsoleEnv>,
  kind: PolicyKind,
  standing: PolicyPageProps["standing"],
) {
  return c.html(
    <Layout title="Not published" page={pageOf(c)}>
      <h1>Policy</h1>
      <PolicyTabs kind={kind} />
      <Overtaken standing={standing} kind={kind} />
    </Layout>,
    409,
  );
}

async function readPage(
  storage: Storage,
  kind: PolicyKind,
  c: Context<ConsoleEnv>,
  as: "form" | "json",
): Promise<PolicyPageProps> {
  const versions = await readVersions(storage, kind, { limit: HISTORY_ROWS });
  const [standing] = versions;
  if (!standing) throw new Error("a kind of policy without a default");
  return {
    page: pageOf(c),
    kind,
    standing,
    versions,
    tries: await readTries(storage, newestTries(kind, LIMITS.policyTries)),
    run: await readRun(storage, kind),
    sources: kind === "survivorship" ? await readSources(storage) : [],
    as,
  };
}

async function readTryPage(
  storage: Storage,
  tried: PolicyTry,
  c: Context<ConsoleEnv>,
): Promise<TryPageProps> {
  const [base = null] = await readVersions(storage, tried.kind, {
    before: tried.base + 1,
    limit: 1,
  });
  return {
    page: pageOf(c),
    tried,
    standing: await standingVersion(storage, tried.kind),
    base,
    valuesOf: await readSampleValues(storage, tried, c.get("person")),
  };
}

async function readTry(storage: Storage, kind: PolicyKind, text: string): Promise<PolicyTry> {
  const n = numberSchema.safeParse(text);
  const [tried] = n.success ? await readTries(storage, oneTry(n.data)) : [];
  if (!tried || tried.kind !== kind) throw new Refused("not_found");
  return tried;
}

async function readVersion(storage: Storage, kind: PolicyKind, text: string) {
  const version = numberSchema.safeParse(text);
  if (!version.success) throw new Refused("unknown_version");
  const [found] = await readVersions(storage, kind, { before: version.data + 1, limit: 1 });
  if (found?.version !== version.data) throw new Refused("unknown_version");
  return found;
}

/** A file that was chosen says it, else the text field. */
async function textOf({ json, file }: Fields): Promise<string> {
  if (file instanceof File && file.size > 0) return file.text();
  return typeof json === "string" ? json : "";
}

function mayExport(c: Context<ConsoleEnv>): void {
  if (!pageOf(c).may("export")) throw new Refused("forbidden");
}
