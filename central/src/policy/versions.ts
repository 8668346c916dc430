/** The three kinds of policies alike: what stands, what stood, and how a tried one is put in force. */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { numberOf, rowsOf, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY, policySchema } from "@regulars/shared/survivorship/policy";
import { auditStatement } from "../access/audit.ts";
import type { Person } from "../access/person.ts";
import type { Intake } from "../intake/intake.ts";
import { DEFAULT_MATCHING_POLICY, matchingPolicySchema } from "../matching/policy.ts";
import { qualityPolicyStatement } from "../quality/policies.ts";
import { DEFAULT_QUALITY_POLICY, qualityPolicySchema } from "../quality/policy.ts";
import { prepareResolution } from "../resolve/anew.ts";
import { publishMatchingPolicy } from "../resolve/matching-policies.ts";
import { publishPolicy } from "./publish-policy.ts";
import { oneTry, type PolicyKind, type PolicyTry, publishedStatement, readTries } from "./tries.ts";

export interface PolicyVersion {
  readonly version: number;
  /** As JSON. */
  readonly policy: unknown;
  /** Null for the default, which nobody has published. */
  readonly publishedMs: number | null;
  readonly by: string | null;
}

const TABLES = {
  survivorship: { table: "policy", atMs: "published_ms", first: DEFAULT_POLICY },
  matching: { table: "matching_policy", atMs: "at_ms", first: DEFAULT_MATCHING_POLICY },
  quality: { table: "quality_policy", atMs: "at_ms", first: DEFAULT_QUALITY_POLICY },
} as const;

export const versionsQuery = (kind: PolicyKind, before: number, limit: number): Statement => {
  const { table, atMs } = TABLES[kind];
  return {
    sql: `select version, policy, ${atMs} as at_ms, "by" from ${table} where version < ?
          order by version desc limit ?`,
    args: [before, limit],
  };
};

/** Newest first; the default at the end, where it is among them. */
export async function readVersions(
  storage: Storage,
  kind: PolicyKind,
  { before = Number.MAX_SAFE_INTEGER, limit }: { readonly before?: number; readonly limit: number },
): Promise<PolicyVersion[]> {
  const [rows = []] = await storage.read([versionsQuery(kind, before, limit)]);
  const published = rows.map((row): PolicyVersion => ({
    version: numberOf(row, "version"),
    policy: JSON.parse(textOf(row, "policy")),
    publishedMs: numberOf(row, "at_ms"),
    by: row["by"] === null ? null : textOf(row, "by"),
  }));
  const { first } = TABLES[kind];
  const hasRoom = published.length < limit && before > first.version;
  const isFirstThere = published.some(({ version }) => version === first.version);
  if (!hasRoom || isFirstThere) return published;
  return [...published, { version: first.version, policy: first, publishedMs: null, by: null }];
}

export async function standingVersion(storage: Storage, kind: PolicyKind): Promise<PolicyVersion> {
  const [standing] = await readVersions(storage, kind, { limit: 1 });
  if (!standing) throw new Error("a kind of policy without a default");
  return standing;
}

export interface PublishDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone" | "use" | "match">;
  readonly nowMs: () => number;
  readonly onPolicy: () => void;
  readonly onMatching: () => void;
}

export type TryPublication =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly reason: "unknown" | "unfinished" | "other" }
  /** Somebody has published another one since it was drawn up. */
  | { readonly ok: false; readonly reason: "overtaken"; readonly standing: PolicyVersion };

/** Puts in force what was tried, to the letter: `digest` is that of what the person has looked at. */
export async function publishTry(
  deps: PublishDeps,
  { n, kind, digest }: { readonly n: number; readonly kind: PolicyKind; readonly digest: string },
  person: Person,
): Promise<TryPublication> {
  const { storage, intake, onPolicy, onMatching } = deps;
  const publication = await intake.alone(async ({ matching }): Promise<TryPublication> => {
    const [tried] = await readTries(storage, oneTry(n));
    if (!tried || tried.kind !== kind) return { ok: false, reason: "unknown" };
    if (tried.state !== "done") return { ok: false, reason: "unfinished" };
    if (tried.digest !== digest) return { ok: false, reason: "other" };
    const standing = await standingVersion(storage, kind);
    if (tried.publishedMs !== null) return { ok: true, version: tried.base + 1 };
    if (standing.version !== tried.base) return { ok: false, reason: "overtaken", standing };
    await publish(deps, tried, person, async (policy) => {
      // In this task: nothing may arrive by the new policy before it is known that all others wait for it.
      await prepareResolution(storage, { ...matching, policy });
    });
    return { ok: true, version: tried.base + 1 };
  });
  if (publication.ok && kind === "survivorship") onPolicy();
  if (publication.ok && kind === "matching") onMatching();
  return publication;
}

async function publish(
  { storage, intake, nowMs }: PublishDeps,
  tried: PolicyTry,
  person: Person,
  prepare: (policy: ReturnType<typeof matchingPolicySchema.parse>) => Promise<void>,
): Promise<void> {
  const at = nowMs();
  const also = [
    publishedStatement(tried.n, at),
    auditStatement({
      atMs: at,
      by: person.id,
      action: tried.kind === "quality" ? "quality.manage" : "policy.publish",
      target: `${tried.kind}/${tried.base + 1}`,
      detail: { try: tried.n },
    }),
  ];
  switch (tried.kind) {
    case "survivorship": {
      const policy = policySchema.parse(tried.policy);
      await publishPolicy(storage, policy, person.name, at, also);
      intake.use(policy);
      return;
    }
    case "matching": {
      const policy = matchingPolicySchema.parse(tried.policy);
      await publishMatchingPolicy(storage, policy, person.name, at, also);
      await prepare(policy);
      intake.match(policy);
      return;
    }
    case "quality": {
      const policy = qualityPolicySchema.parse(tried.policy);
      await storage.write([qualityPolicyStatement(policy, person.name, at), ...also]);
    }
  }
}

/** Sources that have ever sent anything: whom a rule may name. */
export const sourcesQuery = (): Statement => ({
  sql: "select distinct source from writer order by source",
});

export async function readSources(storage: Storage): Promise<string[]> {
  const [rows = []] = await storage.read([sourcesQuery()]);
  return rows.map((row) => textOf(row, "source"));
}

export interface RunProgress {
  readonly what: "golden records" | "customers";
  readonly done: number;
  readonly total: number;
  readonly isDone: boolean;
}

/** Of what a published policy has set going; null where nothing ever was, or no run is under way. */
export async function readRun(storage: Storage, kind: PolicyKind): Promise<RunProgress | null> {
  if (kind === "quality") return null;
  if (kind === "survivorship") {
    const [run] = await rowsOf(
      storage,
      "select done, changed, finished_ms from policy_run order by version desc limit 1",
    );
    if (!run) return null;
    const done = numberOf(run, "done");
    if (run["finished_ms"] !== null) return { what: "golden records", done, total: done, isDone: true }; // prettier-ignore
    const total = await totalOf(storage, "survivorship");
    return { what: "golden records", done, total, isDone: false };
  }
  const [cursor] = await rowsOf(storage, "select value from resolution where name = 'cursor'");
  if (!cursor) return null;
  const [row] = await rowsOf(storage, "select count(*) as done from source_record where id <= ?", [textOf(cursor, "value")]); // prettier-ignore
  const total = await totalOf(storage, "matching");
  return { what: "customers", done: row ? numberOf(row, "done") : 0, total, isDone: false };
}

/** How much a dry run has to look at. */
export async function totalOf(storage: Storage, kind: PolicyKind): Promise<number> {
  if (kind === "quality") return 1;
  const sql =
    kind === "survivorship"
      ? "select count(*) as total from customer indexed by customer_active where redirect_to is null"
      : "select count(*) as total from source_record indexed by source_record_unit";
  const [row] = await rowsOf(storage, sql);
  return row ? numberOf(row, "total") : 0;
}
