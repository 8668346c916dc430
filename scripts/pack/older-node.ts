/** What Node 20 has not: bundled in where the agent says `Map.groupBy`, so that its tills need no newer one. */
export function mapGroupBy<Key, Item>(
  items: Iterable<Item>,
  keyOf: (item: Item, at: number) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  let at = 0;
  for (const item of items) {
    const key = keyOf(item, at++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
