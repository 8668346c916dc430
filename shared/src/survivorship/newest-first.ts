interface Said {
  readonly stamp: string;
  readonly event: string;
}

/** By stamp, then by event key, which is unique: the same order whatever the order of arrival was (IDN2). */
export function newestFirst<Entry extends Said>(entries: readonly Entry[], max: number): Entry[] {
  const order = (a: Entry, b: Entry): number =>
    a.stamp === b.stamp ? (a.event > b.event ? -1 : 1) : a.stamp > b.stamp ? -1 : 1;
  return entries.toSorted(order).slice(0, max);
}

/** Of each thing the newest word, newest first. */
export function newestOfEach<Entry extends Said>(
  entries: readonly Entry[],
  thingOf: (entry: Entry) => string,
): Entry[] {
  const newest = new Map<string, Entry>();
  for (const entry of newestFirst(entries, entries.length)) {
    if (!newest.has(thingOf(entry))) newest.set(thingOf(entry), entry);
  }
  return [...newest.values()];
}
