/** The oracle's own word for who is who, beside the centre's, where the two could come to read a name differently. */
import type { RegularsEvent } from "@regulars/shared/events/event";
import { expect, test } from "vitest";
import { keysAlone } from "../../central/src/testing/matching.ts";
import { createMatchingContext } from "../../central/src/resolve/matching-context.ts";
import { unitOf } from "../../central/src/resolve/unit.ts";
import { IDENTITY } from "./parts.ts";
import { type Pile, pilesOf, together } from "./piles.ts";

const BROWSER = "anonymous:browser";
const context = createMatchingContext(keysAlone({ identity: IDENTITY }));

function pileOf(source: string, subject: readonly string[], givenName: string): Pile {
  const fragment = `${source}/1/${subject[0]}`;
  const said = {
    source,
    epoch: 1,
    seq: 1,
    subject,
    kind: "claim",
    body: { claims: { givenName } },
  };
  // Of an event, what the oracle asks for here.
  const event = said as unknown as RegularsEvent;
  return {
    fragment,
    key: subject[0]!,
    events: [{ ...event, name: `${source}/1/1`, time: `0-${source}` }],
  };
}

/** The centre counts records as one that it cannot tell apart. */
const unitIdOf = (source: string, givenName: string): string =>
  unitOf(
    {
      source,
      epoch: 1,
      key: BROWSER,
      keys: { [BROWSER]: STAMP },
      claims: { givenName: { value: givenName, stamp: STAMP, seq: 1 } },
    },
    [],
    context,
  ).id;
const STAMP = "019e82695f80-0001-till-1/1";

const asText = (fragments: readonly string[]): string => fragments.toSorted().join(" ");

test("IDN8: of visits on a shared browser, the oracle takes those together that the centre cannot tell apart", () => {
  // More than any plan has captures.
  const names = Array.from({ length: 99 }, (_, at) => `Ada t${at + 1}`);
  const visits = names.map((name, at) => pileOf(`till-${at}`, [BROWSER], name));
  const people = ["user:ada", "user:bob"].map((key) => pileOf("till-1", [key, BROWSER], "Ada"));
  const unitOfFragment = new Map(
    names.map((name, at) => [visits[at]!.fragment, unitIdOf(`till-${at}`, name)]),
  );
  const expected = Map.groupBy([...unitOfFragment.keys()], (each) => unitOfFragment.get(each));
  expect(expected.size).toBeGreaterThan(1);
  expect(expected.size).toBeLessThan(names.length);
  const found = together([...people, ...visits]).map((piles) =>
    asText(piles.map(({ fragment }) => fragment)),
  );
  expect(new Set(found)).toEqual(
    new Set([...people.map(({ fragment }) => fragment), ...[...expected.values()].map(asText)]),
  );
  expect(found).toHaveLength(people.length + expected.size);
});

test("CLK1: what was said anew has nothing left in its fragment to tell what its stamp counts as, and stays before it", () => {
  const [ahead, later, clamped] = ["019e826ab46f-0000", "019e826ab46f-0001", "019e82695571-0000"];
  const said = [ahead, later].map((stamp, at) => ({
    source: "till-1",
    epoch: 1,
    seq: at + 1,
    subject: ["loyalty:1"],
    stamp,
  }));
  const events = said as unknown as RegularsEvent[];
  const timesOf = (clamps: Record<string, string>) =>
    pilesOf(events, new Map([["till-1/1/loyalty:1", clamps]]))[0]?.events.map(({ time }) => time);
  expect(timesOf({ [later]: clamped })).toEqual([clamped, clamped]);
  expect(timesOf({ [ahead]: clamped })).toEqual([clamped, later]);
});
