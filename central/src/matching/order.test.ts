import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256Uint32 } from "@regulars/shared/digest";
import { anyFeatures, features } from "../testing/features.ts";
import { orderOf, placed } from "./order.ts";
import { samplePairs } from "./pairs.ts";

test("IDN2 the order is the same, whichever the records come in, and ranks lead to their places", () => {
  const anyRecords = fc
    .array(anyFeatures, { maxLength: 20 })
    .map((all) => all.map((each, n) => ({ id: `r${n}`, features: each })));
  const shuffled = anyRecords.chain((records) =>
    fc.tuple(
      fc.constant(records),
      fc.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([records, others]) => {
      const { byId, ordered, placeOfRank } = orderOf(records);
      expect(orderOf(others)).toEqual({ byId, ordered, placeOfRank });
      expect(byId.map(({ id }) => id)).toEqual(records.map(({ id }) => id).toSorted());
      expect([...placeOfRank].map((place) => ordered[place])).toEqual(byId);
    }),
  );
});

test("namesakes lie beside each other", () => {
  const records = ["lee", "park", "lee", "park", "lee"].map((family, n) => ({
    id: `r${n}`,
    features: features({ family: [family] }),
  }));
  expect(orderOf(records).ordered.map(({ id }) => id)).toEqual(["r0", "r2", "r4", "r1", "r3"]);
});

test("IDN5 of strangers drawn by chance as many are namesakes as there are among all", () => {
  const NAMES = 10;
  // So many that each is drawn with a few others alone.
  const records = Array.from({ length: 30_000 }, (_, n) => ({
    id: `r${String(n).padStart(5, "0")}`,
    features: features({ family: [`name ${sha256Uint32(`${n}`) % NAMES}`] }),
  }));
  const { ordered, placeOfRank } = orderOf(records);
  const nameAt = (place: number | undefined) => ordered[place ?? -1]?.features.family[0];
  const { count, first, second } = placed(samplePairs(records.length), placeOfRank);
  let namesakes = 0;
  for (let n = 0; n < count; n++) if (nameAt(first[n]) === nameAt(second[n])) namesakes++;
  expect((namesakes / count) * NAMES).toBeCloseTo(1, 1);
});
