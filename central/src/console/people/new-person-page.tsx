/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import { type Role, roleSchema } from "@regulars/shared/access/roles";
import type { PageContext } from "../environment.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { describedBy, Field, Notice } from "../parts.tsx";
import { ROLE_WORDS } from "./role-words.ts";

export interface NewPersonErrors {
  readonly name?: string;
  readonly password?: string;
  readonly roles?: string;
}

export interface NewPersonPageProps {
  readonly page: PageContext;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly errors: NewPersonErrors;
}

export const NAME_HINT = "What they type to sign in: small letters, digits, and . _ - @";
const PASSWORD_HINT = `Leave it empty, and one is made and shown to you once. Otherwise at least ${LIMITS.passwordMinChars} characters.`;

export function NewPersonPage({ page, name, roles, errors }: NewPersonPageProps) {
  const nameField = { id: "name", hint: NAME_HINT, error: errors.name ?? null };
  const passwordField = { id: "password", hint: PASSWORD_HINT, error: errors.password ?? null };
  return (
    <Layout page={page} title="Add somebody">
      <p class="crumbs">
        <a href="/people">People</a>
      </p>
      <h1>Add somebody</h1>
      <p class="subtitle">
        An account of this console. People of your identity provider need none: they are here once
        they have signed in.
      </p>
      <form class="form" method="post" action="/people/new">
        <CsrfField page={page} />
        <Field label="Name" {...nameField}>
          <input
            {...describedBy(nameField)}
            name="name"
            value={name}
            required
            maxlength={LIMITS.personNameChars}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
          />
        </Field>
        <RolesField roles={roles} error={errors.roles ?? null} />
        <Field label="First password" {...passwordField}>
          <input
            {...describedBy(passwordField)}
            name="password"
            type="password"
            maxlength={LIMITS.passwordMaxChars}
            autocomplete="new-password"
          />
        </Field>
        <p class="actions">
          <button type="submit" class="primary">
            Add
          </button>
          <a class="button" href="/people">
            Cancel
          </a>
        </p>
      </form>
    </Layout>
  );
}

export function RolesField({ roles, error }: { roles: readonly Role[]; error: string | null }) {
  return (
    <fieldset aria-describedby={error === null ? undefined : "roles-error"}>
      <legend>Roles</legend>
      {roleSchema.options.map((role) => (
        <p class="check">
          <input
            type="checkbox"
            id={`role-${role}`}
            name="role"
            value={role}
            checked={roles.includes(role)}
          />
          <label for={`role-${role}`}>
            <strong>{ROLE_WORDS[role].name}</strong>{" "}
            <span class="quiet">{ROLE_WORDS[role].does}</span>
          </label>
        </p>
      ))}
      {error === null ? null : (
        <p class="error" id="roles-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

export interface PasswordPageProps {
  readonly page: PageContext;
  readonly id: string;
  readonly name: string;
  /** Null where the admin has chosen one themselves. */
  readonly password: string | null;
  readonly isNew: boolean;
}

/** The only page that ever shows it. */
export function PasswordPage({ page, id, name, password, isNew }: PasswordPageProps) {
  return (
    <Layout page={page} title={name}>
      <p class="crumbs">
        <a href="/people">People</a>
      </p>
      <h1>{name}</h1>
      <Notice tone="good">
        {isNew
          ? `${name} may sign in now.`
          : `${name} has another password, and is signed out everywhere.`}
      </Notice>
      {password === null ? null : (
        <>
          <p>The password is shown this once. Hand it over in person or by telephone.</p>
          <p>
            <code class="one-time" id="password">
              {password}
            </code>
          </p>
        </>
      )}
      <p class="actions">
        <a class="button primary" href={`/people/${id}`}>
          Go to {name}
        </a>
        <a class="button" href="/people">
          All people
        </a>
      </p>
    </Layout>
  );
}
