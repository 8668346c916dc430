import fc from "fast-check";
import { expect, test } from "vitest";
import { customerIdOf } from "@regulars/shared/ids";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { type FieldGroup, FIELD_GROUPS } from "@regulars/shared/access/actions";
import { lineageOf } from "../src/serve/lineage.ts";
import { selectGroups } from "../src/serve/select.ts";
import { linesOf, profileJson } from "../src/serve/view.ts";
import { keysOf } from "./till.ts";

const [card = ""] = keysOf({ loyaltyNumber: "4711" });
const victim = customerIdOf(card);

/** A profile in which every value says which group it is of. */
const MARKED = profileSchema.parse({
  customer: victim,
  version: 1,
  golden: 0,
  asOf: "0190a0b0c0d0-0000-till-1/1",
  fields: Object.fromEntries(
    Object.entries({
      givenName: "identity",
      familyName: "identity",
      language: "identity",
      country: "identity",
      email: "contact",
      phone: "contact",
      birthDate: "birth",
      loyaltyNumber: "loyalty",
    }).map(([field, group]) => {
      const value =
        field === "birthDate"
          ? "1971-03-09"
          : field === "language"
            ? "m.identity"
            : `marked-${group}-value`;
      const said = {
        value,
        stamp: "0190a0b0c0d0-0000-till-1/1",
        event: "till-1/1/1",
        fragment: `till-1/1/${card}`,
      };
      return [field, { ...said, rule: "most_recent", losers: [{ ...said, event: "till-1/1/2" }] }];
    }),
  ),
  keys: [card],
  consents: {
    "consents_marked/email": {
      state: "granted",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      seq: 1,
      fragment: `till-1/1/${card}`,
    },
  },
  totals: {},
  recent: [
    {
      kind: "sale",
      receipt: "marked-purchases",
      at: "2026-01-05T09:00:00Z",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      store: "one",
      currency: "GBP",
      totalMinor: 1,
      lines: 1,
      items: ["marked-purchases"],
      event: "till-1/1/1",
    },
  ],
  notes: [
    {
      text: "marked-notes",
      at: "2026-01-05T09:00:00Z",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      event: "till-1/1/3",
    },
  ],
  fragments: {},
  traits: {
    "marked-traits": {
      value: "marked-traits",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      event: "till-1/1/1",
      fragment: `till-1/1/${card}`,
    },
  },
  behaviours: [
    {
      type: "track",
      name: "marked-behaviour",
      items: [],
      at: "2026-01-05T09:00:00Z",
      stamp: "0190a0b0c0d0-0000-till-1/1",
      store: null,
      channel: "app",
      event: "till-1/1/4",
    },
  ],
});

const MARKS: Readonly<Partial<Record<FieldGroup, string>>> = {
  identity: "marked-identity",
  contact: "marked-contact",
  birth: "1971-03-09",
  consents: "consents_marked",
  purchases: "marked-purchases",
  notes: "marked-notes",
  traits: "marked-traits",
  behaviour: "marked-behaviour",
  loyalty: "marked-loyalty",
  keys: card,
};

test("SEC4: whatever is granted and asked for, no value of another group is in an answer or its lineage", () => {
  const lines = linesOf(MARKED);
  const groups = fc.subarray([...FIELD_GROUPS]);
  fc.assert(
    fc.property(groups, fc.option(groups), fc.boolean(), (granted, asked, lineage) => {
      const names = asked?.filter((name) => name in MARKS);
      const wish = { ...(names && names.length > 0 ? { fields: names } : {}), lineage };
      const selection = selectGroups(new Set(granted), wish);
      if (!selection.ok) return;
      const shown = selection.value.groups;
      const answer =
        profileJson(lines, shown) + (lineage ? JSON.stringify(lineageOf(MARKED, shown)) : "");
      for (const [group, mark] of Object.entries(MARKS)) {
        const isGranted = granted.some((each) => each === group);
        const isAsked = !wish.fields || wish.fields.some((each) => each === group);
        expect([group, answer.includes(mark)]).toEqual([group, isGranted && isAsked]);
      }
    }),
  );
});
