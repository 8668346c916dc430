/** The edge as a whole, as the centre compares it: each object digests what it holds, and nobody's data leaves it. */
import type {
  CompareJournal,
  CompareJournalAnswer,
  CompareProfiles,
  CompareProfilesAnswer,
  Mend,
  MendAnswer,
} from "@regulars/shared/compare/messages";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import type { Env } from "../environment.ts";
import { inTurns } from "../objects.ts";
import { inboxOf, profileShardOf, profileShardsOf, profileStub } from "../stubs.ts";

/** Null where there is no such shard. */
export async function compareProfiles(
  env: Env,
  ask: CompareProfiles,
): Promise<CompareProfilesAnswer | null> {
  const all = profileShardsOf(env);
  const answer = { ...THIS_VERSION, shards: all.length };
  if ("customers" in ask) {
    const byShard = [...Map.groupBy(ask.customers, (customer) => profileShardOf(env, customer))];
    const compared = await inTurns(byShard, ([shard, customers]) =>
      profileStub(env, shard).compareThese(customers),
    );
    return { ...answer, profiles: compared.flat(), next: null };
  }
  const shard = all[ask.shard];
  if (shard === undefined) return null;
  return { ...answer, ...(await profileStub(env, shard).comparePage(ask.after)) };
}

export async function mendProfiles(env: Env, { customers }: Mend): Promise<MendAnswer> {
  const stores = [
    ...new Set(customers.flatMap(({ fragments }) => fragments.map(({ store }) => store))),
  ];
  const listening = new Set(
    (
      await inTurns(stores, async (store) => {
        const writers = await inboxOf(env, store).listening();
        return writers.map((writer) => `${store} ${writer}`);
      })
    ).flat(),
  );
  const heard = customers.map(({ customer, fragments }) => ({
    customer,
    fragments: fragments.map(({ store, ...fragment }) => ({
      ...fragment,
      store: listening.has(`${store} ${fragment.source}/${fragment.epoch}`) ? store : null,
    })),
  }));
  const byShard = Map.groupBy(heard, ({ customer }) => profileShardOf(env, customer));
  const rebuilt = await inTurns([...byShard], ([shard, mended]) =>
    profileStub(env, shard).mend(mended),
  );
  return { ...THIS_VERSION, rebuilt: rebuilt.flat() };
}

export async function compareJournal(
  env: Env,
  { store, ranges, withRows }: CompareJournal,
): Promise<CompareJournalAnswer> {
  return { ...THIS_VERSION, ...(await inboxOf(env, store).compare(ranges, withRows)) };
}
