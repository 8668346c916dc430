/** @jsxImportSource hono/jsx */
// One item: what came, by which settings it was read, how often it was tried, and what can be done with it.
import type { AccountView, EdgeItem } from "../../desk/edge-desk.ts";
import type { ShownHere } from "../../desk/here.ts";
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { CsrfField, Layout } from "../layout.tsx";
import { Facts, Notice } from "../parts.tsx";
import { Content } from "./content.tsx";
import { edgeCauseHref, hereCauseHref } from "./page.tsx";
import { edgeMeaning, hereMeaning } from "./words.ts";

/** What was just done, in words. */
export interface Outcome {
  readonly tone: "good" | "bad" | "waiting" | "info";
  readonly words: string;
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  waiting: "It waits to be read.",
  done: "It has taken effect.",
  fetching: "Its details are being fetched from the other side.",
  dropped: "It was dropped: its content is gone.",
  failed: "It could not be used.",
};
export const stateWords = (state: string): string => STATE_WORDS[state] ?? `It is ${state}.`;

/** What the page was drawn from: changed meanwhile, somebody else has worked it. */
export const versionOfItem = ({ state, code, history }: EdgeItem): string =>
  `${state}.${code ?? ""}.${history.length}`;

export interface EdgeItemPageProps {
  readonly page: PageContext;
  readonly item: EdgeItem;
  readonly account: AccountView | null;
  /** As text; null where the content has been let go. */
  readonly body: string | null;
  readonly isRevealed: boolean;
  readonly outcome: Outcome | null;
}

export function EdgeItemPage(props: EdgeItemPageProps) {
  const { page, item, account, body, isRevealed, outcome } = props;
  const at = `/intake/edge/items/${item.shop}/${item.n}`;
  const meaning = item.code === null ? null : edgeMeaning(item.code);
  return (
    <Layout title={`Item ${item.shop}/${item.n}`} page={page}>
      <p class="crumbs">
        <a href="/intake">Intake desk</a>
        {item.code === null ? null : (
          <a href={edgeCauseHref({ ...item, code: item.code })}>All like this</a>
        )}
      </p>
      <h1>{meaning?.means ?? stateWords(item.state)}</h1>
      <p class="subtitle">
        {meaning ? (item.words ?? meaning.todo) : `Item ${item.shop}/${item.n}`}
      </p>
      {outcome ? <Notice tone={outcome.tone}>{outcome.words}</Notice> : null}
      <Facts
        facts={[
          ["Item", <span class="id">{`${item.shop}/${item.n}`}</span>],
          ["Received", `${formatTime(item.receivedMs, null)} UTC`],
          ["Kind of message", item.topic],
          ["Field", item.field],
          ["State", stateWords(item.state)],
          ["Headers that came", Object.keys(item.headers).join(", ") || "none"],
        ]}
      />
      {item.state === "failed" ? (
        <EdgeActions page={page} item={item} at={at} todo={meaning?.todo ?? ""} />
      ) : null}
      <Mapping account={account} id={item.account} format={item.format} page={page} />
      <Attempts item={item} />
      <Content page={page} body={body} isRevealed={isRevealed} revealAt={`${at}/reveal`} />
    </Layout>
  );
}

function EdgeActions({
  page,
  item,
  at,
  todo,
}: {
  page: PageContext;
  item: EdgeItem;
  at: string;
  todo: string;
}) {
  // prettier-ignore
  if (!page.may("intake.replay")) return null;
  const version = <input type="hidden" name="version" value={versionOfItem(item)} />;
  return (
    <section aria-labelledby="do">
      <h2 id="do">What to do</h2>
      <p>{todo}</p>
      <form class="replay" method="post" action={`${at}/replay`}>
        <CsrfField page={page} />
        {version}
        {item.code === "rule" ? (
          <label class="check">
            <input type="checkbox" name="approve" value="1" /> I have looked at it: the rules of the
            account shall not hold it up
          </label>
        ) : null}
        <button type="submit" class="primary" data-key="r">
          Replay this
        </button>
      </form>
      <details class="more-of">
        <summary>Drop it instead</summary>
        <form class="replay" method="post" action={`${at}/drop`}>
          <CsrfField page={page} />
          {version}
          <label>
            Why it is of no use
            <input name="reason" required maxlength={200} />
          </label>
          <button type="submit" class="plain">
            Drop it for good
          </button>
        </form>
      </details>
    </section>
  );
}

function Mapping({
  account,
  id,
  format,
  page,
}: {
  account: AccountView | null;
  id: string;
  format: string;
  page: PageContext;
}) {
  // prettier-ignore
  const { rules } = account ?? {};
  return (
    <section aria-labelledby="mapping">
      <div class="head">
        <h2 id="mapping">How it was read</h2>
        <a href={`/intake/accounts/${id}`}>
          {page.may("tills.manage") ? "Change these settings" : "All settings"}
        </a>
      </div>
      {account ? (
        <Facts
          facts={[
            ["Account", `${account.id}, ${account.kind}`],
            ["Read as", format],
            ["Zone, country, currency", `${account.zone}, ${account.country}, ${account.currency}`],
            ["Trust", `${account.trust} of 9`],
            ["Customer required", rules?.requireCustomer === true ? "yes" : "no"],
            ["Currencies taken", rules?.currencies?.join(", ") ?? "all"],
            ["Places known", String(Object.keys(account.locations ?? {}).length)],
          ]}
        />
      ) : (
        <p class="empty">There is no account of this name any more.</p>
      )}
    </section>
  );
}

function Attempts({ item }: { item: EdgeItem }) {
  return (
    <section aria-labelledby="attempts">
      <h2 id="attempts">Attempts</h2>
      {item.history.length === 0 ? (
        <p class="empty">It was not tried yet, or its first try is all there was.</p>
      ) : (
        <ol class="timeline">
          {item.history.map(({ atMs, code }) => (
            <li class="bad">
              <time>{formatTime(atMs, null)} UTC</time> {edgeMeaning(code).means}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

export interface HereItemPageProps {
  readonly page: PageContext;
  /** Null when it is set aside no more. */
  readonly item: ShownHere | null;
  readonly name: string;
  readonly isRevealed: boolean;
  readonly outcome: Outcome | null;
}

export function HereItemPage({ page, item, name, isRevealed, outcome }: HereItemPageProps) {
  if (item === null) {
    return (
      <Layout title="Intake" page={page}>
        <p class="crumbs">
          <a href="/intake">Intake desk</a>
        </p>
        <h1>Not set aside any more</h1>
        <Notice tone={outcome?.tone ?? "info"}>
          {outcome?.words ?? "It has taken effect meanwhile, or it is gone."}
        </Notice>
      </Layout>
    );
  }
  const meaning = hereMeaning(item.code);
  const kind = item.name.startsWith("letter/") ? "letter" : "event";
  return (
    <Layout title={meaning.means} page={page}>
      <p class="crumbs">
        <a href="/intake">Intake desk</a>
        <a href={hereCauseHref({ of: kind, code: item.code })}>All like this</a>
      </p>
      <h1>{meaning.means}</h1>
      <p class="subtitle">{meaning.todo}</p>
      {outcome ? <Notice tone={outcome.tone}>{outcome.words}</Notice> : null}
      <Facts
        facts={[
          ["Store", item.store],
          ["Till", item.source],
          ["Epoch", String(item.epoch)],
          ["Row", /^\d+$/.test(item.item) ? item.item : "a customer's fragment"],
          ["Here since", `${formatTime(item.sinceMs, null)} UTC`],
          ["Why", <span class="id">{item.code}</span>],
        ]}
      />
      {page.may("intake.replay") ? (
        <form class="replay" method="post" action={`/intake/here/${name}/replay`}>
          <CsrfField page={page} />
          <button type="submit" class="primary" data-key="r">
            Replay this
          </button>
        </form>
      ) : null}
      <Content
        page={page}
        body={item.body}
        isRevealed={isRevealed}
        revealAt={`/intake/here/${name}/reveal`}
      />
    </Layout>
  );
}
