import { customerIdOf } from "@regulars/shared/ids";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf } from "../testing/till.ts";
import { clustersOf, type Linkable } from "./clusters.ts";
import { decideLinks } from "./links.ts";

const KEYS = Array.from({ length: 6 }, (_, at) => keyOf("email", `${at}@example.org`));

const recordsArbitrary = fc
  .array(
    fc.record({
      first: fc.nat(20),
      keys: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 10 },
  )
  .map((entries) =>
    entries.map(({ first, keys }, at): Linkable => {
      const stamp = String(first).padStart(12, "0");
      return {
        id: `till-${at}/1/${keys[0]}`,
        contribution: {
          key: keys[0] ?? "",
          first: stamp,
          keys: Object.fromEntries(keys.map((key) => [key, stamp])),
        },
      };
    }),
  );

const summary = (records: readonly Linkable[]) =>
  clustersOf(records)
    .map(({ customer, redirects, records: own }) => ({
      customer,
      redirects: redirects.toSorted((a, b) => (a < b ? -1 : 1)),
      records: own.map(({ id }) => id),
    }))
    .toSorted((a, b) => (a.customer < b.customer ? -1 : 1));

const recordOf = (id: string, first: string, ...keys: string[]): Linkable => ({
  id,
  contribution: {
    key: keys[0] ?? "",
    first,
    keys: Object.fromEntries(keys.map((key) => [key, first])),
  },
});

const idsOf = (ids: Set<string>): string => [...ids].toSorted((a, b) => (a < b ? -1 : 1)).join();

/** Joins until nothing changes: slow, and obviously right. */
function joinedNaively(records: readonly Linkable[]): Set<string>[] {
  let groups = records.map((record) => ({
    ids: new Set([record.id]),
    keys: new Set(Object.keys(record.contribution.keys)),
  }));
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const group of groups) {
      const other = groups.find((each) => each !== group && !each.keys.isDisjointFrom(group.keys));
      if (!other) continue;
      const joined = { ids: group.ids.union(other.ids), keys: group.keys.union(other.keys) };
      groups = [...groups.filter((each) => each !== group && each !== other), joined];
      isChanged = true;
      break;
    }
  }
  return groups.map(({ ids }) => ids);
}

test("IDN2 records that share a key, directly or through others, are one cluster; no others are", () => {
  fc.assert(
    fc.property(recordsArbitrary, (records) => {
      const found = clustersOf(records).map(
        (cluster) => new Set(cluster.records.map(({ id }) => id)),
      );
      expect(new Set(found.map(idsOf))).toEqual(new Set(joinedNaively(records).map(idsOf)));
    }),
  );
});

test("IDN2 clusters and their ids do not depend on the order of records", () => {
  fc.assert(
    fc.property(
      recordsArbitrary.chain((records) =>
        fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
      ),
      ([records, shuffled]) => {
        expect(summary(shuffled)).toEqual(summary(records));
      },
    ),
  );
});

test("IDN7 the customer is named by the key of the earliest record; its other keys redirect", () => {
  const [a = "", b = "", c = ""] = KEYS;
  const [cluster] = clustersOf([
    recordOf("1", "2", a),
    recordOf("2", "1", b, a),
    recordOf("3", "3", b, c),
  ]);
  expect(cluster?.customer).toBe(customerIdOf(b));
  expect(cluster?.redirects).toEqual([customerIdOf(a)]);
});

test("IDN1 links hold a cluster together: each record that names a key is tied to the earliest that does", () => {
  fc.assert(
    fc.property(recordsArbitrary, (records) => {
      const { added } = decideLinks(records, () => true);
      const byPairs = added.map(({ key, recordA, recordB }) => {
        const [one, two] = [recordA, recordB].map((id) => records.find((each) => each.id === id));
        expect(Object.keys(one?.contribution.keys ?? {})).toContain(key);
        expect(Object.keys(two?.contribution.keys ?? {})).toContain(key);
        return [recordA, recordB];
      });
      for (const { records: own } of clustersOf(records)) {
        const reached = new Set([own[0]?.id]);
        for (let size = 0; size !== reached.size;) {
          size = reached.size;
          for (const [one, two] of byPairs) {
            if (reached.has(one) || reached.has(two)) reached.add(one).add(two);
          }
        }
        expect(reached.size).toBe(own.length);
      }
    }),
  );
});
