/** @jsxImportSource hono/jsx */
// The settings by which one connector's messages are read, and the form that changes them at the edge.
import type { AccountView } from "../../desk/edge-desk.ts";
import type { PageContext } from "../environment.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { Facts, Notice } from "../parts.tsx";

export interface AccountPageProps {
  readonly page: PageContext;
  readonly account: AccountView;
  /** What the form was drawn from. */
  readonly version: string;
  /** As somebody has entered it, where it was refused. */
  readonly text: string | null;
  readonly words: readonly string[];
  readonly isSaved: boolean;
}

/** Kind and shop stay as they are, and secrets are set where they are known: neither is in the form. */
export function editableOf({ secrets: _secrets, ...account }: AccountView): object {
  return account;
}

export function AccountPage({ page, account, version, text, words, isSaved }: AccountPageProps) {
  const { rules, retry } = account;
  return (
    <Layout title={account.id} page={page}>
      <p class="crumbs">
        <a href="/intake">Intake desk</a>
      </p>
      <h1>{account.id}</h1>
      <p class="subtitle">By these settings the edge reads what this account sends.</p>
      {isSaved ? (
        <Notice tone="good">
          Saved. What arrives from now on is read by it; <a href="/intake">replay what failed</a> to
          have it read by it as well.
        </Notice>
      ) : null}
      {words.length > 0 ? (
        <div class="notice bad" role="alert">
          <strong>Nothing was changed.</strong>
          <ul class="reasons">
            {words.map((each) => (
              <li>{each}</li>
            ))}
          </ul>
        </div>
      ) : null}
      <Facts
        facts={[
          ["Kind", account.kind],
          ["Shop", account.shop],
          ["Channel", account.channel],
          ["Zone", account.zone],
          ["Country", account.country],
          ["Currency", account.currency],
          ["Trust", `${account.trust} of 9`],
          ["Customer required", rules.requireCustomer === true ? "yes" : "no"],
          ["Currencies taken", rules.currencies?.join(", ") ?? "all"],
          ["Looked at from (minor units)", rules.maxTotalMinor === undefined ? "never" : String(rules.maxTotalMinor)], // prettier-ignore
          ["Tried again", `${retry.attempts} times`],
          ["Signing secret", account.secrets?.webhookSecret === true ? "set" : "not set"],
        ]}
      />
      {page.may("tills.manage") ? (
        <section aria-labelledby="change">
          <h2 id="change">Change it</h2>
          <form class="policy" method="post" action={`/intake/accounts/${account.id}`}>
            <CsrfField page={page} />
            <input type="hidden" name="version" value={version} />
            <label>
              Settings
              <textarea class="json" name="settings" rows={24} spellcheck={false}>
                {text ?? JSON.stringify(editableOf(account), null, 2)}
              </textarea>
            </label>
            <p class="quiet">
              The edge looks at it before it takes it. An account keeps its kind and its shop, and
              its secrets stay as they are.
            </p>
            <button type="submit" class="primary">
              Save
            </button>
          </form>
        </section>
      ) : null}
    </Layout>
  );
}
