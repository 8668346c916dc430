/**
 * The sweep: every inbox and every profile shard is asked to look for waiting work (EDG4). An object finds its own by
 * alarm; this is for the alarm that was never set, or was lost with a host.
 */
import { type Env, settingsOf } from "../environment.ts";
import { directoryStub, inboxOf, profileStub } from "../stubs.ts";

export interface Swept {
  readonly stores: number;
  readonly shards: number;
}

/** So many at once: an object that sleeps is woken for it. */
const AT_ONCE = 16;

export async function sweep(env: Env): Promise<Swept> {
  const { DIRECTORY_SHARDS, PROFILE_SHARDS, REGION } = settingsOf(env);
  const named = await inTurns(numbers(DIRECTORY_SHARDS), (shard) =>
    directoryStub(env, String(shard)).stores(),
  );
  const stores = [...new Set(named.flat())];
  await inTurns(stores, (store) => inboxOf(env, store).sweep());
  await inTurns(numbers(PROFILE_SHARDS), (shard) => profileStub(env, `${REGION}/${shard}`).sweep());
  return { stores: stores.length, shards: PROFILE_SHARDS };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

async function inTurns<Item, Value>(
  items: readonly Item[],
  task: (item: Item) => PromiseLike<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    values.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map((item) => task(item)))));
  }
  return values;
}
