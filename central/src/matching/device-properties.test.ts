/** What must hold of devices in any clustering, over random units, evidence and decisions. */
import { isDeviceKey, kindOfKey, scopeOfKey } from "@regulars/shared/identity/key";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inputsOf, reordered } from "../testing/random-units.ts";
import { type ClusterInput, clusterUnits, type Unit } from "./clusters.ts";

const withoutDevices = (input: ClusterInput): ClusterInput => ({
  ...input,
  units: input.units.map((unit): Unit => ({
    ...unit,
    keys: Object.fromEntries(Object.entries(unit.keys).filter(([key]) => !isDeviceKey(key))),
  })),
});

const isVisit = ({ keys }: Unit): boolean => Object.keys(keys).every((key) => isDeviceKey(key));

/** Of units every other one is known by devices alone. */
const visits = (given = inputsOf("u")): fc.Arbitrary<ClusterInput> =>
  given.map((input) => {
    const units = input.units.map((unit, at): Unit => ({
      ...unit,
      keys: Object.fromEntries(Object.entries(unit.keys).filter(([key]) => at % 2 > 0 || isDeviceKey(key))), // prettier-ignore
    }));
    return { ...input, units };
  });

const RUNS = { numRuns: 1_000 };

describe("any clustering with devices", () => {
  test("IDN8 devices never join two who are known by anything else, nor part whom other evidence joins", () => {
    let joined = 0;
    fc.assert(
      fc.property(visits(), (input) => {
        const unit = new Map(input.units.map((each) => [each.id, each]));
        const isKnown = (ids: readonly string[]): boolean =>
          ids.some((id) => Object.keys(unit.get(id)?.keys ?? {}).some((key) => !isDeviceKey(key)));
        const other = clusterUnits(withoutDevices(input)).clusters;
        for (const ids of clusterUnits(input).clusters) {
          const parts = other.filter((part) => part.some((id) => ids.includes(id)));
          expect(parts.flat().toSorted()).toEqual(ids);
          expect(parts.filter(isKnown).length).toBeLessThanOrEqual(1);
          joined += parts.length - 1;
        }
      }),
      RUNS,
    );
    expect(joined).toBeGreaterThan(50);
  });

  test("IDN8 a link by a device is between somebody's units and those of nobody who was seen with another", () => {
    fc.assert(
      fc.property(visits(), (input) => {
        const { clusters, links } = clusterUnits(input);
        const clusterOf = new Map(
          clusters.flatMap((ids, at) => ids.map((id) => [id, at] as const)),
        );
        for (const { a, by } of links) {
          if (by === null || !isDeviceKey(by)) continue;
          const people = input.units.filter(
            (unit) => Object.hasOwn(unit.keys, by) && !isVisit(unit),
          );
          // Whoever of them is somebody is in this very customer.
          expect(people.filter(({ id }) => clusterOf.get(id) !== clusterOf.get(a))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  test("IDN3 nobody has two user ids of one realm whom no steward has joined", () => {
    fc.assert(
      fc.property(visits(inputsOf("u", { isWithSame: false })), (input) => {
        for (const ids of clusterUnits(input).clusters) {
          const keys = new Set(input.units.filter(({ id }) => ids.includes(id)).flatMap(({ keys: own }) => Object.keys(own))); // prettier-ignore
          const realms = [...keys].filter((key) => kindOfKey(key) === "user").map(scopeOfKey);
          expect(new Set(realms).size).toBe(realms.length);
        }
      }),
      RUNS,
    );
  });

  test("IDN2 does not depend on the order of any of its lists", () => {
    fc.assert(
      fc.property(
        visits().chain((input) => fc.tuple(fc.constant(input), reordered(input))),
        ([input, other]) => {
          expect(clusterUnits(other)).toEqual(clusterUnits(input));
        },
      ),
      RUNS,
    );
  });
});
