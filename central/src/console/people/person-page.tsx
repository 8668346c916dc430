/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import type { KnownPerson } from "../../access/people.ts";
import type { PageContext } from "../environment.ts";
import { formatCountOf, formatTime } from "../format.ts";
import { CsrfField, Layout, Time } from "../layout.tsx";
import { Badge, describedBy, Facts, Field, Notice } from "../parts.tsx";
import { RolesField } from "./new-person-page.tsx";
import { fromWords } from "./people-page.tsx";
import { rolesInWords } from "./role-words.ts";

export interface PersonPageProps {
  readonly page: PageContext;
  readonly person: KnownPerson;
  /** Of whoever added them. */
  readonly createdBy: string;
  readonly nowMs: number;
  readonly errors: { readonly roles?: string; readonly password?: string };
  /** What has just been done. */
  readonly done: string | null;
}

export function PersonPage({ page, person, createdBy, nowMs, errors, done }: PersonPageProps) {
  const { id, name, from, roles, disabledMs, sessions, lastSeenMs, createdMs } = person;
  const isOwn = id === page.person.id;
  return (
    <Layout page={page} title={name}>
      <p class="crumbs">
        <a href="/people">People</a>
      </p>
      <h1>
        {name} {disabledMs === null ? null : <Badge tone="bad">Disabled</Badge>}
      </h1>
      {done === null ? null : <Notice tone="good">{done}</Notice>}
      {isOwn ? <Notice tone="info">This is you: what you change here ends your own session.</Notice> : null}
      <Facts
        facts={[
          ["Roles", rolesInWords(roles)],
          ["Account of", fromWords(from)],
          ["Since", <><Time ms={createdMs}>{formatTime(createdMs, null)}</Time> UTC, by {createdBy}</>],
          ["Signed in", sessions === 0 ? "Nowhere" : formatCountOf(sessions, "browser")],
          ["Last seen", lastSeenMs === null ? null : <Time ms={lastSeenMs}>{`${formatTime(lastSeenMs, null, nowMs)} UTC`}</Time>],
          ...(disabledMs === null ? [] : [["Disabled", <Time ms={disabledMs}>{`${formatTime(disabledMs, null)} UTC`}</Time>] as const]),
          ["Audit", <><a href={`/audit?person=${id}`}>What they saw and changed</a>, <a href={`/audit?target=${id}`}>what was changed of them</a></>],
        ]}
      />
      <div class="sides">
        <Roles page={page} person={person} error={errors.roles ?? null} />
        <Access page={page} person={person} />
        {from === "console" ? <Password page={page} person={person} error={errors.password ?? null} /> : null}
      </div>
    </Layout>
  );
} // prettier-ignore

function Hidden({ page, person }: { page: PageContext; person: KnownPerson }) {
  return (
    <>
      <CsrfField page={page} />
      <input type="hidden" name="version" value={String(person.version)} />
    </>
  );
}

function Roles({ page, person, error }: { page: PageContext; person: KnownPerson; error: string | null }) {
  return (
    <section aria-labelledby="roles" class="panel">
      <h2 id="roles">Roles</h2>
      {person.from === "console" ? (
        <form class="form" method="post" action={`/people/${person.id}/roles`}>
          <Hidden page={page} person={person} />
          <RolesField roles={person.roles} error={error} />
          <p class="hint">Other roles count from the next click on: they are signed out everywhere.</p>
          <p class="actions">
            <button type="submit" class="primary">
              Change roles
            </button>
          </p>
        </form>
      ) : (
        <p class="quiet">
          {person.from === "provider"
            ? "The identity provider says which roles they have, each time they sign in. Change them there."
            : "The account of the first start is always an admin. Its password is the setting REGULARS_CONSOLE_PASSWORD; programs that use it go in by it as well. Disable it once others are here and no program needs it."}
        </p>
      )}
    </section>
  );
} // prettier-ignore

function Access({ page, person }: { page: PageContext; person: KnownPerson }) {
  const { id, name, disabledMs, sessions } = person;
  return (
    <section aria-labelledby="access" class="panel">
      <h2 id="access">Access</h2>
      <form method="post" action={`/people/${id}/sign-out`}>
        <Hidden page={page} person={person} />
        <p class="hint">Ends every session of theirs; they may sign in again.</p>
        <p class="actions">
          <button type="submit" disabled={sessions === 0}>
            Sign out everywhere
          </button>
        </p>
      </form>
      {disabledMs === null ? (
        <form method="post" action={`/people/${id}/disable`}>
          <Hidden page={page} person={person} />
          <p class="hint">
            {name} is out with the next click, and stays out until somebody lets them in again.
          </p>
          <p class="actions">
            <button type="submit" class="danger">
              Disable
            </button>
          </p>
        </form>
      ) : (
        <form method="post" action={`/people/${id}/enable`}>
          <Hidden page={page} person={person} />
          <p class="hint">{name} may sign in again, with the roles and password of before.</p>
          <p class="actions">
            <button type="submit" class="primary">
              Enable
            </button>
          </p>
        </form>
      )}
    </section>
  );
}

function Password({ page, person, error }: { page: PageContext; person: KnownPerson; error: string | null }) {
  const field = {
    id: "new-password",
    hint: `Leave it empty, and one is made and shown to you once. Otherwise at least ${LIMITS.passwordMinChars} characters.`,
    error,
  };
  return (
    <section aria-labelledby="password" class="panel">
      <h2 id="password">Password</h2>
      <form class="form" method="post" action={`/people/${person.id}/password`}>
        <Hidden page={page} person={person} />
        <Field label="Another password" {...field}>
          <input
            {...describedBy(field)}
            name="password"
            type="password"
            maxlength={LIMITS.passwordMaxChars}
            autocomplete="new-password"
          />
        </Field>
        <p class="actions">
          <button type="submit">Set another password</button>
        </p>
      </form>
    </section>
  );
} // prettier-ignore
