/** @jsxImportSource hono/jsx */
// One kind of policy: in words, as a form, its history, and what was tried of it.
import { policySchema } from "@regulars/shared/survivorship/policy";
import { matchingPolicySchema } from "../../matching/policy.ts";
import { POLICY_KINDS, type PolicyKind, type PolicyTry } from "../../policy/tries.ts";
import type { PolicyVersion, RunProgress } from "../../policy/versions.ts";
import { qualityPolicySchema } from "../../quality/policy.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatTime } from "../format.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { Tabs } from "../parts.tsx";
import { MatchingFields } from "./matching-form.tsx";
import { QualityFields } from "./quality-form.tsx";
import { SurvivorshipFields } from "./survivorship-form.tsx";
import { KIND_NAMES, KIND_WORDS, matchingSentences, qualitySentences, type Sentence, survivorshipSentences } from "./words.ts"; // prettier-ignore

export const mayTry = (page: PageContext, kind: PolicyKind): boolean =>
  page.may(kind === "quality" ? "quality.manage" : "policy.try");
export const mayPublish = (page: PageContext, kind: PolicyKind): boolean =>
  page.may(kind === "quality" ? "quality.manage" : "policy.publish");

export function sentencesOf(kind: PolicyKind, policy: unknown): Sentence[] {
  switch (kind) {
    case "survivorship":
      return survivorshipSentences(policySchema.parse(policy));
    case "matching":
      return matchingSentences(matchingPolicySchema.parse(policy));
    case "quality":
      return qualitySentences(qualityPolicySchema.parse(policy));
  }
}

export const PolicyTabs = ({ kind }: { kind: PolicyKind }) => (
  <Tabs
    label="Policies"
    tabs={POLICY_KINDS.map((each) => ({
      href: `/policy/${each}`,
      name: KIND_NAMES[each],
      isHere: each === kind,
    }))}
  />
);

export const publishedWords = ({ version, publishedMs, by }: PolicyVersion): string =>
  publishedMs === null
    ? `Version ${version}, which Regulars comes with`
    : `Version ${version}, published ${by === null ? "" : `by ${by} `}on ${formatTime(publishedMs, null)} UTC`;

export interface PolicyPageProps {
  readonly page: PageContext;
  readonly kind: PolicyKind;
  readonly standing: PolicyVersion;
  readonly versions: readonly PolicyVersion[];
  readonly tries: readonly PolicyTry[];
  readonly run: RunProgress | null;
  readonly sources: readonly string[];
  readonly as: "form" | "json";
  /** What somebody has entered that was refused, and why. */
  readonly refused?: { readonly candidate: unknown; readonly text: string | null; readonly words: readonly string[] }; // prettier-ignore
}

export function PolicyPage(props: PolicyPageProps) {
  const { page, kind, standing, versions, tries, run } = props;
  const canTry = mayTry(page, kind);
  return (
    <Layout title={KIND_NAMES[kind]} page={page}>
      <h1>Policy</h1>
      <PolicyTabs kind={kind} />
      <p class="subtitle">{KIND_WORDS[kind]}</p>
      {props.refused ? <Refusals words={props.refused.words} /> : null}
      <Run run={run} kind={kind} />
      <section aria-labelledby="standing">
        <div class="head">
          <h2 id="standing">In force</h2>
          <a class="file" href={`/policy/${kind}/versions/${standing.version}.json`} download>
            JSON
          </a>
        </div>
        <p class="quiet">{publishedWords(standing)}</p>
        <Sentences sentences={sentencesOf(kind, standing.policy)} />
      </section>
      {canTry ? <Change {...props} /> : null}
      <DataTable
        id="tries"
        title="Tried"
        columns={tryColumns(kind)}
        rows={tries}
        empty="Nobody has tried another policy yet."
        csvHref={null}
      />
      <DataTable
        id="versions"
        title="History"
        columns={versionColumns(kind)}
        rows={versions}
        empty="There is only what Regulars comes with."
        csvHref={page.may("export") ? `/policy/${kind}?csv=versions` : null}
      />
    </Layout>
  );
}

export function Sentences({ sentences }: { sentences: readonly Sentence[] }) {
  return (
    <dl class="sentences">
      {sentences.map(({ name, text }) => (
        <div>
          <dt>{name}</dt>
          <dd>{text}.</dd>
        </div>
      ))}
    </dl>
  );
}

export function Refusals({ words }: { words: readonly string[] }) {
  return (
    <div class="refused" role="alert">
      <strong>Nothing was changed. This cannot be tried as it is:</strong>
      <ul>
        {words.map((each) => (
          <li>{each}</li>
        ))}
      </ul>
    </div>
  );
}

/** Asks for itself again while there is more; without scripts the page shows it when it is loaded anew. */
export function Run({ run, kind }: { run: RunProgress | null; kind: PolicyKind }) {
  if (run === null || run.isDone) return <div id="run" />;
  return (
    <div
      id="run"
      class="working"
      hx-get={`/policy/${kind}/run`}
      hx-trigger="load delay:2s"
      hx-swap="outerHTML"
    >
      <p>
        The policy in force is being applied: {formatCount(run.done)} of {formatCount(run.total)}{" "}
        {run.what === "golden records" ? "golden records" : "source records"}. What arrives goes by
        it already. You can leave this page.
      </p>
      <progress value={run.done} max={Math.max(1, run.total)} aria-label="Progress" />
    </div>
  );
}

function Change({ page, kind, standing, sources, as, refused }: PolicyPageProps) {
  return (
    <section aria-labelledby="change">
      <h2 id="change">Change it</h2>
      <p class="quiet">
        What you enter is tried first: you see what would change, for how many, with examples.
        Nothing is in force before somebody publishes exactly that.
      </p>
      <Tabs
        label="Ways to enter"
        tabs={[
          { href: `/policy/${kind}#change`, name: "As a form", isHere: as === "form" },
          { href: `/policy/${kind}?as=json#change`, name: "As JSON", isHere: as === "json" },
        ]}
      />
      <form
        class="policy"
        method="post"
        action={`/policy/${kind}/tries`}
        enctype={as === "json" ? "multipart/form-data" : undefined}
      >
        <CsrfField page={page} />
        <input type="hidden" name="base" value={String(standing.version)} />
        <input type="hidden" name="as" value={as} />
        {as === "json" ? (
          <JsonFields text={refused?.text ?? jsonText(refused?.candidate ?? standing.policy)} />
        ) : (
          <KindFields
            kind={kind}
            policy={refused?.candidate ?? standing.policy}
            standing={standing}
            sources={sources}
          />
        )}
        <button type="submit" class="primary">
          See what would change
        </button>
      </form>
    </section>
  );
}

/** Of what cannot be shown as a form the one that is in force is. */
function KindFields({
  kind,
  policy,
  standing,
  sources,
}: {
  kind: PolicyKind;
  policy: unknown;
  standing: PolicyVersion;
  sources: readonly string[];
}) {
  // prettier-ignore
  const numbered = typeof policy === "object" ? { version: 1, ...policy } : policy;
  switch (kind) {
    case "survivorship": {
      const shown = policySchema.safeParse(numbered);
      return <SurvivorshipFields policy={shown.data ?? policySchema.parse(standing.policy)} sources={sources} />; // prettier-ignore
    }
    case "matching": {
      const shown = matchingPolicySchema.safeParse(numbered);
      return <MatchingFields policy={shown.data ?? matchingPolicySchema.parse(standing.policy)} />;
    }
    case "quality": {
      const shown = qualityPolicySchema.safeParse(numbered);
      return <QualityFields policy={shown.data ?? qualityPolicySchema.parse(standing.policy)} />;
    }
  }
}

function JsonFields({ text }: { text: string }) {
  return (
    <>
      <label>
        Policy
        <textarea class="json" name="json" rows={18} spellcheck={false}>
          {text}
        </textarea>
      </label>
      <label>
        Or a file
        <input type="file" name="file" accept="application/json,.json" />
      </label>
    </>
  );
}

const jsonText = (policy: unknown): string => JSON.stringify(policy, null, 2);

const STATE_WORDS = { running: "running", done: "done", stopped: "stopped" } as const;

const tryColumns = (kind: PolicyKind): Column<PolicyTry>[] => [
  { head: "Try", csv: ({ n }) => n, cell: ({ n }) => <a href={`/policy/${kind}/tries/${n}`}>{`Try ${n}`}</a>, isName: true }, // prettier-ignore
  { head: "Would be version", csv: ({ base }) => base + 1, isFigure: true },
  { head: "By", csv: ({ by }) => by },
  { head: "Begun", csv: ({ startedMs }) => new Date(startedMs).toISOString(), cell: ({ startedMs }) => `${formatTime(startedMs, null)} UTC` }, // prettier-ignore
  { head: "State", csv: ({ state }) => state, cell: ({ state, publishedMs }) => (publishedMs === null ? STATE_WORDS[state] : "published") }, // prettier-ignore
];

export const versionColumns = (kind: PolicyKind): Column<PolicyVersion>[] => [
  { head: "Version", csv: ({ version }) => version, cell: ({ version }) => <a href={`/policy/${kind}/versions/${version}`}>{`Version ${version}`}</a>, isName: true }, // prettier-ignore
  { head: "Published by", csv: ({ by }) => by, cell: ({ by, publishedMs }) => (publishedMs === null ? "comes with Regulars" : by) }, // prettier-ignore
  { head: "On", csv: ({ publishedMs }) => (publishedMs === null ? null : new Date(publishedMs).toISOString()), cell: ({ publishedMs }) => (publishedMs === null ? null : `${formatTime(publishedMs, null)} UTC`) }, // prettier-ignore
];
