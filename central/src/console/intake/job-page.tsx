/** @jsxImportSource hono/jsx */
// A replay of all that failed alike, while it goes on and afterwards.
import type { DeskJob } from "../../desk/jobs.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatTime } from "../format.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { Notice } from "../parts.tsx";
import { edgeCauseHref, hereCauseHref, jobTitle } from "./page.tsx";
import { edgeMeaning, hereMeaning } from "./words.ts";

export interface JobPageProps {
  readonly page: PageContext;
  readonly job: DeskJob;
  /** Somebody else's, who was quicker: this person has clicked as well. */
  readonly isTheirs: boolean;
}

export function JobPage({ page, job, isTheirs }: JobPageProps) {
  const { ask } = job;
  const href = ask.at === "edge" ? edgeCauseHref(ask.cause) : hereCauseHref(ask.cause);
  return (
    <Layout title="Replay" page={page}>
      <p class="crumbs">
        <a href="/intake">Intake desk</a> <a href={href}>{jobTitle(job)}</a>
      </p>
      <h1>Replay</h1>
      <p class="subtitle">
        {jobTitle(job)}. Begun by {job.by} on {formatTime(job.startedMs, null)} UTC.
      </p>
      {isTheirs ? (
        <Notice tone="info">
          {job.by} has begun this replay before you, on {formatTime(job.startedMs, null)} UTC. It is
          one and the same: you see how it goes on.
        </Notice>
      ) : null}
      <JobPart page={page} job={job} />
    </Layout>
  );
}

/** Asks for itself again while it runs; without scripts it is as of the loading of the page. */
export function JobPart({ page, job }: { page: PageContext; job: DeskJob }) {
  const at = `/intake/replays/${job.n}`;
  const counts = `${formatCount(job.replayed)} taken effect, ${formatCount(job.kept)} failed again.`;
  if (job.state === "running") {
    return (
      <div id="job" class="working" hx-get={at} hx-trigger="load delay:1s" hx-swap="outerHTML">
        <p role="status">
          {job.failure === "unreachable"
            ? "The edge cannot be reached. The replay waits, and goes on by itself when it is back."
            : "Items are being read anew. You can leave this page: it goes on by itself."}{" "}
          So far {counts}
        </p>
        <progress aria-label="Running" />
        {page.may("intake.replay") ? (
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
    <div id="job" class="working">
      <p role="status">
        <strong>
          {job.state === "done" ? "The last replay is done" : "The last replay was stopped"}:
        </strong>{" "}
        {counts}
      </p>
      {job.kept > 0 ? <Reasons job={job} /> : null}
    </div>
  );
}

function Reasons({ job: { ask, reasons } }: { job: DeskJob }) {
  return (
    <ul class="reasons">
      {Object.entries(reasons).map(([code, count]) => (
        <li>
          {formatCountOf(count, "item")}:{" "}
          {ask.at === "edge" ? edgeMeaning(code).means : hereMeaning(code).means}
          {code === ask.cause.code
            ? ", as before."
            : ", which is new: the first cause is mended, this one is not."}
        </li>
      ))}
    </ul>
  );
}
