/** @jsxImportSource hono/jsx */
import type { PolicyKind } from "../../policy/tries.ts";
import type { PolicyVersion } from "../../policy/versions.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { Layout } from "../layout.tsx";
import { PolicyTabs, publishedWords, Sentences, sentencesOf } from "./page.tsx";
import {
  KIND_NAMES,
  placeWords,
  type PolicyDifference,
  policyDifference,
  sideWords,
} from "./words.ts";

export const differenceColumns: readonly Column<PolicyDifference>[] = [
  { head: "What", csv: ({ at }) => at, cell: ({ at }) => placeWords(at), isName: true },
  { head: "Before", csv: ({ before }) => before, cell: ({ before }) => sideWords(before) },
  { head: "After", csv: ({ after }) => after, cell: ({ after }) => sideWords(after) },
];

export interface VersionPageProps {
  readonly page: PageContext;
  readonly kind: PolicyKind;
  readonly version: PolicyVersion;
  /** The one before; null of the first. */
  readonly before: PolicyVersion | null;
}

export function VersionPage({ page, kind, version, before }: VersionPageProps) {
  const at = `/policy/${kind}/versions/${version.version}`;
  return (
    <Layout title={`${KIND_NAMES[kind]}, version ${version.version}`} page={page}>
      <h1>Policy</h1>
      <PolicyTabs kind={kind} />
      <p class="subtitle">{publishedWords(version)}</p>
      {before ? (
        <DataTable
          id="difference"
          title={`Changed against version ${before.version}`}
          columns={differenceColumns}
          rows={policyDifference(before.policy, version.policy)}
          empty="Nothing: it says the same."
          csvHref={page.may("export") ? `${at}?csv=difference` : null}
        />
      ) : null}
      <section aria-labelledby="words">
        <div class="head">
          <h2 id="words">What it says</h2>
          <a class="file" href={`${at}.json`} download>
            JSON
          </a>
        </div>
        <Sentences sentences={sentencesOf(kind, version.policy)} />
      </section>
    </Layout>
  );
}
