/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import { LayoutAlone } from "../layout.tsx";

export interface SignInPageProps {
  readonly next: string;
  /** Why nobody was let in, in a sentence. */
  readonly refusal?: string;
  /** What to say to somebody who has just left. */
  readonly notice?: string;
  /** An identity provider is set up. */
  readonly hasProvider: boolean;
}

/** Where the journey to the identity provider begins. */
export const PROVIDER_PATH = "/sign-in/provider";

export function SignInPage({ next, refusal, notice, hasProvider }: SignInPageProps) {
  return (
    <LayoutAlone title="Sign in">
      <div class="sign-in">
        <p class="sign-in-brand">
          <img src="/console/icon.svg" alt="" width="28" height="28" />
          Regulars
        </p>
        <h1>Sign in to the console</h1>
        {refusal === undefined ? null : (
          <p class="notice bad" role="alert" id="refusal">
            {refusal}
          </p>
        )}
        {notice === undefined ? null : (
          <p class="notice" role="status">
            {notice}
          </p>
        )}
        {hasProvider ? (
          <>
            <a
              class="sign-in-provider"
              href={
                next === "/" ? PROVIDER_PATH : `${PROVIDER_PATH}?next=${encodeURIComponent(next)}`
              }
            >
              Sign in with your organisation
            </a>
            <p class="sign-in-or">
              <span>or with an account of this console</span>
            </p>
          </>
        ) : null}
        <form method="post" action="/sign-in">
          <input type="hidden" name="next" value={next} />
          <label for="name">Name</label>
          <input
            id="name"
            name="name"
            type="text"
            autocomplete="username"
            autocapitalize="none"
            autocorrect="off"
            spellcheck={false}
            required
            maxlength={LIMITS.personNameChars}
            autofocus={!hasProvider}
            aria-describedby={refusal === undefined ? undefined : "refusal"}
          />
          <label for="password">Password</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            maxlength={LIMITS.passwordMaxChars}
          />
          <button type="submit" class={hasProvider ? "plain" : "primary"}>
            Sign in
          </button>
        </form>
      </div>
    </LayoutAlone>
  );
}
