/** Objects that somebody has to go through all of. */
import { type Env, settingsOf } from "./environment.ts";
import { directoryStub } from "./stubs.ts";

/** So many at once: an object that sleeps is woken for it. */
const AT_ONCE = 16;

/** Every store that has ever had an epoch. */
export async function storesOf(env: Env): Promise<string[]> {
  const { DIRECTORY_SHARDS } = settingsOf(env);
  const shards = Array.from({ length: DIRECTORY_SHARDS }, (_, shard) => String(shard));
  const named = await inTurns(shards, (shard) => directoryStub(env, shard).stores());
  return [...new Set(named.flat())].toSorted();
}

export async function inTurns<Item, Value>(
  items: readonly Item[],
  task: (item: Item) => PromiseLike<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    values.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map((item) => task(item)))));
  }
  return values;
}
