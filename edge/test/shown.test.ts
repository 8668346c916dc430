/** What each caller is really shown of a profile, by real tokens: a value that no group grants is nowhere in any answer. */
import { reset } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import { normaliseUserId } from "@regulars/shared/identity/account-id";
import { identityKeyOf } from "@regulars/shared/identity/key";
import { customerIdOf } from "@regulars/shared/ids";
import { env } from "cloudflare:workers";
import { z } from "zod";
import { apiKey, call, CENTRE, provider, tillToken } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { openTill, sale } from "./till.ts";

afterEach(() => reset());

const own = identityKeyOf("user", normaliseUserId("shop", "ada") ?? "", env.REGULARS_PEPPER);
const customer = customerIdOf(own);

async function adaIsKnown(): Promise<void> {
  const till = openTill("till-9", "one");
  const claims = {
    givenName: "Adamarked",
    email: "ada.marked@example.com",
    birthDate: "1980-01-31",
    loyaltyNumber: "card-4711",
  };
  const items = [
    till.capture([own], { kind: "claim", body: { claims } }),
    till.capture([own], sale(12_345)),
    till.capture([own], { kind: "note", body: { text: "marked note" } }),
  ];
  await inbox("one").push(till.push(items));
  await until(
    () => pullAll("one", "till-9"),
    ({ marks }) => marks.merged === items.length,
  );
}

/** What stands for each group in an answer that shows it. */
const MARKS = {
  identity: "Adamarked",
  contact: "ada.marked@example.com",
  birth: "1980-01-31",
  purchases: "12345",
  notes: "marked note",
  loyalty: "4711",
  keys: own,
  lineage: "till-9/1/",
} as const;
type Mark = keyof typeof MARKS;

const staff = async (claims: Record<string, unknown>) => (await provider()).tokenOf(claims);

const SHOWN: readonly [string, () => Promise<string>, readonly Mark[]][] = [
  [
    "the centre",
    () => Promise.resolve(CENTRE),
    ["identity", "contact", "birth", "purchases", "notes", "loyalty", "keys", "lineage"],
  ],
  [
    "the customer",
    () => staff({ sub: "ada" }),
    ["identity", "contact", "birth", "purchases", "loyalty"],
  ],
  [
    "an associate",
    () => staff({ sub: "s1", role: "associate", store: "one" }),
    ["identity", "purchases", "notes", "loyalty"],
  ],
  [
    "the desk",
    () => staff({ sub: "s2", role: "service_desk" }),
    ["identity", "contact", "birth", "purchases", "notes", "loyalty"],
  ],
  [
    "a system",
    () => apiKey(["profiles"]),
    ["identity", "contact", "birth", "purchases", "loyalty", "lineage"],
  ],
];

const answerSchema = z.object({ profile: z.record(z.string(), z.unknown()) });

test.each(SHOWN)(
  "SEC1: %s is shown what its groups hold, and no more",
  async (_who, tokenOf, shown) => {
    await adaIsKnown();
    const token = await tokenOf();
    const path = `/v1/customers/${customer}`;
    const plain = await call("GET", path, token);
    expect(plain.status).toBe(200);
    answerSchema.parse(plain.json);
    const explained = await call("GET", `${path}?lineage=true`, token);
    const text = JSON.stringify([plain.json, explained.json]);
    const found = Object.entries(MARKS).flatMap(([name, mark]) =>
      text.includes(mark) ? [name] : [],
    );
    // Events of purchases and notes name their till: where a value is from is more than that.
    const isExplained = JSON.stringify(explained.json).includes('"lineage":');
    const seen = [
      ...found.filter((name) => name !== "lineage"),
      ...(isExplained ? ["lineage"] : []),
    ];
    expect(seen).toEqual([...shown]);
  },
);

test("SEC1: an id alone opens nothing to a till", async () => {
  await adaIsKnown();
  const token = await tillToken("till-1", "one");
  for (const part of ["", "/stored", "/timeline", "/purchases", "/live"]) {
    const { status } = await call("GET", `/v1/customers/${customer}${part}`, token);
    expect({ part, status }).toEqual({ part, status: 403 });
  }
});
