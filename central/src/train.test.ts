import { expect, test } from "vitest";
import { modelSchema } from "./matching/model.ts";
import { keyOf } from "./testing/till.ts";
import { trainOnRecords } from "./train.ts";

const STAMP = "000000000001-0000-till-1/1";

const recordsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => {
    const person = Math.floor(at / 2);
    const key = keyOf("email", `p${person}@example.org`);
    const claim = (value: string) => ({ value, stamp: STAMP, seq: 1 });
    return {
      source: `till-${at}`,
      epoch: 1,
      key,
      keys: { [key]: STAMP },
      claims: {
        givenName: claim(["Anna", "Ben", "Carla", "Dov"][person % 4]!),
        familyName: claim(
          `Family${String.fromCodePoint(97 + (person % 26), 97 + ((person * 7) % 26))}`,
        ),
        birthDate: claim(
          person % 10 === 0
            ? "1900-01-01"
            : `19${10 + (person % 80)}-0${1 + (person % 9)}-1${person % 9}`,
        ),
      },
    };
  });

test("IDN5 training is deterministic: any order of the same records gives the same model, to the byte", async () => {
  const records = recordsOf(600);
  const model = await trainOnRecords(records, "GB");
  expect(JSON.stringify(await trainOnRecords(records.toReversed(), "GB"))).toBe(
    JSON.stringify(model),
  );
  expect(modelSchema.parse(model)).toEqual(model);
  expect((await trainOnRecords(recordsOf(620), "GB")).version).not.toBe(model.version);
});
