/** @jsxImportSource hono/jsx */
// What a policy would change, while it is found out and afterwards; and the button that puts exactly that in force.
import type { ClaimField } from "@regulars/shared/events/claim";
import type { FieldGroup } from "@regulars/shared/access/actions";
import type { PolicyTry } from "../../policy/tries.ts";
import { survivorshipTallySchema } from "../../policy/try-runner.ts";
import { MatchingFound, QualityFound } from "./found.tsx";
import type { PolicyVersion } from "../../policy/versions.ts";
import { type Column, DataTable } from "../data-table.tsx";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatTime } from "../format.ts";
import { CsrfField, Figure, Layout } from "../layout.tsx";
import { fieldWords } from "../words.ts";
import { mayPublish, mayTry, PolicyTabs, publishedWords } from "./page.tsx";
import { differenceColumns } from "./version-page.tsx";
import { KIND_NAMES, policyDifference } from "./words.ts";

/** Values of one example, as far as the person may see them. */
export type ValuesOf = (customer: string, field: ClaimField) => { readonly before: string; readonly after: string }; // prettier-ignore

export interface TryPageProps {
  readonly page: PageContext;
  readonly tried: PolicyTry;
  readonly standing: PolicyVersion;
  readonly base: PolicyVersion | null;
  readonly valuesOf: ValuesOf;
}

export function TryPage(props: TryPageProps) {
  const { page, tried, base } = props;
  const { kind, n } = tried;
  return (
    <Layout title={`${KIND_NAMES[kind]}, try ${n}`} page={page}>
      <h1>Policy</h1>
      <PolicyTabs kind={kind} />
      <p class="subtitle">
        Try {n}, begun by {tried.by} on {formatTime(tried.startedMs, null)} UTC. It would be version{" "}
        {tried.base + 1}.
      </p>
      <DataTable
        id="difference"
        title={`Changed against version ${tried.base}`}
        columns={differenceColumns}
        rows={base ? policyDifference(base.policy, tried.policy) : []}
        empty="Nothing: it says the same as the version in force."
        csvHref={null}
      />
      <TryState {...props} />
    </Layout>
  );
}

/** The part that changes by itself: it asks for itself again while there is more to find. */
export function TryState(props: TryPageProps) {
  const { tried, page } = props;
  const at = `/policy/${tried.kind}/tries/${tried.n}`;
  if (tried.state === "running") {
    return (
      <div id="try" class="working" hx-get={at} hx-trigger="load delay:1s" hx-swap="outerHTML">
        <h2>Finding out what would change</h2>
        <p>
          {formatCount(tried.done)} of {formatCount(tried.total)}{" "}
          {tried.kind === "matching" ? "source records" : "customers"} looked at. You can leave this
          page and come back: it goes on by itself.
        </p>
        <progress value={tried.done} max={Math.max(1, tried.total)} aria-label="Progress" />
        {mayTry(page, tried.kind) ? (
          <form method="post" action={`${at}/stop`}>
            <CsrfField page={page} />
            <button type="submit" class="plain">
              Stop
            </button>
          </form>
        ) : null}
      </div>
    );
  }
  return (
    <div id="try">
      {tried.state === "stopped" ? (
        <p class="empty">
          It was stopped, and has found what is below. What was not tried to the end cannot be
          published.
        </p>
      ) : null}
      <Found {...props} />
      {tried.state === "done" ? <Publish {...props} /> : null}
    </div>
  );
}

function Found({ tried, valuesOf }: TryPageProps) {
  switch (tried.kind) {
    case "survivorship":
      return <SurvivorshipFound tally={tried.tally} valuesOf={valuesOf} />;
    case "matching":
      return <MatchingFound tally={tried.tally} />;
    case "quality":
      return <QualityFound tally={tried.tally} />;
  }
}

function SurvivorshipFound({ tally, valuesOf }: { tally: unknown; valuesOf: ValuesOf }) {
  const found = survivorshipTallySchema.safeParse(tally).data;
  if (!found) return null;
  type Field = { field: ClaimField; values: number; lineage: number };
  type Sample = (typeof found.samples)[number];
  const fields = Object.entries(found.fields).flatMap(([name, counts]): Field[] => {
    const field = found.samples.find((sample) => sample.field === name)?.field;
    return counts ? [{ field: field ?? fieldOf(name), ...counts }] : [];
  });
  const columns: Column<Field>[] = [
    {
      head: "Field",
      csv: ({ field }) => field,
      cell: ({ field }) => fieldWords(field),
      isName: true,
    },
    { head: "Another value", csv: ({ values }) => values, cell: ({ values }) => formatCountOf(values, "customer"), isFigure: true }, // prettier-ignore
    { head: "Same value, other reason", csv: ({ lineage }) => lineage, cell: ({ lineage }) => formatCountOf(lineage, "customer"), isFigure: true }, // prettier-ignore
  ];
  const samples: Column<Sample>[] = [
    { head: "Customer", csv: ({ customer }) => customer, cell: ({ customer }) => <a class="id" href={`/customers/${customer}`}>{customer.slice(0, 10)}…</a>, isName: true }, // prettier-ignore
    { head: "Field", csv: ({ field }) => field, cell: ({ field }) => fieldWords(field) },
    { head: "Now", csv: ({ before }) => before?.event ?? null, cell: ({ customer, field, before }) => <Side value={valuesOf(customer, field).before} event={before?.event ?? null} /> }, // prettier-ignore
    { head: "Then", csv: ({ after }) => after?.event ?? null, cell: ({ customer, field, after }) => <Side value={valuesOf(customer, field).after} event={after?.event ?? null} /> }, // prettier-ignore
  ];
  return (
    <>
      <dl class="figures">
        <Figure label="Golden records that would change">{formatCount(found.changed)}</Figure>
        <Figure label="Customers looked at">{formatCount(found.customers)}</Figure>
      </dl>
      <DataTable
        id="fields"
        title="By field"
        columns={columns}
        rows={fields}
        empty="No golden record would change."
        csvHref={null}
      />
      <DataTable
        id="samples"
        title="Examples"
        columns={samples}
        rows={found.samples}
        empty="No value would change."
        csvHref={null}
      />
    </>
  );
}

const fieldOf = (name: string): ClaimField => survivorshipTallySchema.shape.samples.element.shape.field.parse(name); // prettier-ignore

function Side({ value, event }: { value: string; event: string | null }) {
  return (
    <>
      {value} {event === null ? null : <span class="quiet">{event}</span>}
    </>
  );
}

function Publish({ page, tried, standing }: TryPageProps) {
  if (tried.publishedMs !== null) {
    return <p class="done">It was published on {formatTime(tried.publishedMs, null)} UTC.</p>;
  }
  if (standing.version !== tried.base) return <Overtaken standing={standing} kind={tried.kind} />;
  if (!mayPublish(page, tried.kind)) {
    return <p class="empty">Somebody with the right to publish puts it in force from this page.</p>;
  }
  return (
    <form class="publish" method="post" action={`/policy/${tried.kind}/tries/${tried.n}/publish`}>
      <CsrfField page={page} />
      <input type="hidden" name="digest" value={tried.digest} />
      <p>
        Publishing puts exactly this in force, as version {tried.base + 1}. What arrives from then
        on goes by it at once, everything else in the background.
      </p>
      <button type="submit" class="primary">
        Publish version {tried.base + 1}
      </button>
    </form>
  );
}

export function Overtaken({
  standing,
  kind,
}: {
  standing: PolicyVersion;
  kind: PolicyTry["kind"];
}) {
  return (
    <div class="refused" role="alert">
      <strong>Nothing was published.</strong> Another policy is in force since this one was drawn
      up: {publishedWords(standing)}.{" "}
      <a href={`/policy/${kind}/versions/${standing.version}`}>See what it changed</a>, or{" "}
      <a href={`/policy/${kind}#change`}>go on from there</a>.
    </div>
  );
}

/** By which group of fields a value is shown. */
export const groupOfField = (field: ClaimField): FieldGroup => {
  if (field === "birthDate") return "birth";
  if (field === "loyaltyNumber") return "loyalty";
  return field === "email" || field === "phone" || field === "address" ? "contact" : "identity";
};
