/** All copies of a profile against the oracle: at the edge, in the golden record, at every till. */
import { stampToMs } from "@regulars/shared/clock";
import { canonicalJson, type Json } from "@regulars/shared/digest";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, textOf } from "@regulars/shared/storage/port";
import { activityText, goldenText } from "../../central/src/db/packed-columns.ts";
import { expectedCustomers, type ExpectedCustomer } from "./oracle.ts";
import { rowsIn } from "./quiet.ts";
import type { Violation } from "./run.ts";
import type { World } from "./world.ts";

const EDGE = "the edge's profiles are the oracle's";
const GOLDEN = "golden records are the oracle's";
export const TILL = "a till's working set is the edge's";
const FUTURE = "nothing is believed to be said in the future";
const KEYS = "the directory knows every key's customer";

export async function copyViolations(
  world: World,
  events: readonly RegularsEvent[],
): Promise<Violation[]> {
  const expected = expectedCustomers(events, clampsOf(world));
  const edge = edgeProfiles(world);
  return [
    ...edgeViolations(expected, edge),
    ...goldenViolations(world, expected, edge),
    ...keyViolations(world, expected),
    ...futureViolations(world, expected),
    ...(await Promise.all(world.tills.map((till) => tillViolations(till, expected, edge)))).flat(),
  ];
}

/** Whoever's clock was ahead: nothing that is known counts as said later than now. */
function futureViolations(world: World, expected: readonly ExpectedCustomer[]): Violation[] {
  const latestMs = world.timeline.nowMs() + LIMITS.clockAheadMs;
  return expected.flatMap(({ customer, content }) => {
    const { asOf } = content as { asOf: string };
    if (stampToMs(asOf) <= latestMs) return [];
    return [{ invariant: FUTURE, detail: `${customer}: as of ${asOf}` }];
  });
}

const textJson = (value: unknown): string => canonicalJson(value as Json);

function clampsOf(world: World) {
  const rows = world.edge.profiles.flatMap(({ disk }) =>
    rowsIn(disk.database, "select id, clamps from fragment where clamps is not null"),
  );
  return new Map(
    rows.map((row) => [
      textOf(row, "id"),
      JSON.parse(textOf(row, "clamps")) as Record<string, string>,
    ]),
  );
}

interface EdgeProfile {
  readonly text: string;
  readonly golden: number;
  readonly content: object;
  readonly stores: readonly string[];
}

/** Those of customers who live there. */
function edgeProfiles(world: World): Map<string, EdgeProfile> {
  const rows = world.edge.profiles.flatMap(({ disk }) =>
    rowsIn(
      disk.database,
      `select customer, json, stores from profile where customer not in (
         select customer from moved where key = '' and done in (1, 2))`,
    ),
  );
  return new Map(
    rows.map((row) => {
      const text = textOf(row, "json");
      const {
        customer,
        version: _version,
        golden,
        ...content
      } = JSON.parse(text) as Record<string, unknown>;
      const stores = JSON.parse(textOf(row, "stores")) as string[];
      return [String(customer), { text, golden: Number(golden), content, stores }];
    }),
  );
}

function edgeViolations(
  expected: readonly ExpectedCustomer[],
  edge: ReadonlyMap<string, EdgeProfile>,
): Violation[] {
  const wrong = expected.flatMap(({ customer, content }) => {
    const found = edge.get(customer);
    if (!found) return [`${customer} is not there`];
    return textJson(found.content) === textJson(content)
      ? []
      : [`${customer}: ${textJson(found.content)}\n  expected ${textJson(content)}`];
  });
  const known = new Set(expected.map(({ customer }) => customer));
  const surplus = [...edge.keys()].filter((customer) => !known.has(customer));
  return [...wrong, ...surplus.map((customer) => `${customer} is nobody`)].map((detail) => ({
    invariant: EDGE,
    detail,
  }));
}

function goldenViolations(
  world: World,
  expected: readonly ExpectedCustomer[],
  edge: ReadonlyMap<string, EdgeProfile>,
): Violation[] {
  const rows = rowsIn(
    world.centre.disk.database,
    "select id, version, as_of, golden, activity from customer where redirect_to is null",
  );
  const records = new Map(rows.map((row) => [textOf(row, "id"), row]));
  const wrong = expected.flatMap(({ customer, content }): string[] => {
    const row = records.get(customer);
    if (!row || row["golden"] === null) return [`${customer} has no golden record`];
    const record = {
      ...(JSON.parse(goldenText(row)) as object),
      ...(JSON.parse(activityText(row)) as object),
    };
    const {
      fragments: _fragments,
      overrides: _overrides,
      ...said
    } = content as Record<string, unknown>;
    if (textJson(record) !== textJson(said)) {
      return [`${customer}: ${textJson(record)}\n  expected ${textJson(said)}`];
    }
    const atEdge = edge.get(customer)?.golden;
    // An edge that lost its disk hears of the next version, and not always again of the last one.
    const isTold =
      atEdge === row["version"] ||
      (world.edge.wasLost() && atEdge === 0) ||
      // A centre that learns all at once what it had learned bit by bit counts fewer versions.
      (world.centre.wasRestored() && (atEdge ?? 0) > numberOf(row, "version"));
    return isTold
      ? []
      : [`${customer}: version ${numberOf(row, "version")}, at the edge ${atEdge}`];
  });
  const known = new Set(expected.map(({ customer }) => customer));
  const surplus = [...records.keys()].filter((customer) => !known.has(customer));
  return [...wrong, ...surplus.map((customer) => `${customer} is nobody`)].map((detail) => ({
    invariant: GOLDEN,
    detail,
  }));
}

/** As whoever asks would find it: over redirects. */
function keyViolations(world: World, expected: readonly ExpectedCustomer[]): Violation[] {
  const bindings = new Map(
    world.edge.directories
      .flatMap(({ disk }) => rowsIn(disk.database, "select key, customer from binding"))
      .map((row) => [textOf(row, "key"), textOf(row, "customer")]),
  );
  const redirects = new Map(
    world.edge.profiles
      .flatMap(({ disk }) =>
        rowsIn(
          disk.database,
          "select customer, target from moved where key = '' and done in (1, 2)",
        ),
      )
      .map((row) => [textOf(row, "customer"), textOf(row, "target")]),
  );
  return expected.flatMap(({ customer, leading }) =>
    leading.flatMap((key) => {
      let found = bindings.get(key);
      for (let hop = 0; hop < 16 && found !== undefined && redirects.has(found); hop++) {
        found = redirects.get(found);
      }
      return found === customer
        ? []
        : [{ invariant: KEYS, detail: `${key}: ${found}, not ${customer}` }];
    }),
  );
}

async function tillViolations(
  till: World["tills"][number],
  expected: readonly ExpectedCustomer[],
  edge: ReadonlyMap<string, EdgeProfile>,
): Promise<Violation[]> {
  const { name, store, disk } = till;
  const rows = rowsIn(disk.database, "select customer, json from profile");
  const held = new Map(rows.map((row) => [textOf(row, "customer"), textOf(row, "json")]));
  const wrong: string[] = [];
  for (const [customer, text] of held) {
    const found = edge.get(customer);
    if (!found) wrong.push(`${customer} is nobody any more`);
    else if (textJson(heardBy(till, JSON.parse(found.text))) !== textJson(JSON.parse(text))) {
      wrong.push(`${customer}: ${text}\n  at the edge ${found.text}`);
    }
  }
  for (const { customer, stores, content } of expected) {
    if (!stores.includes(store)) continue;
    if (!held.has(customer)) wrong.push(`${customer}, a customer of ${store}, is not there`);
    // A receipt's number may have been printed twice, by a till and its copy.
    const found = (await till.machine()?.lookup(receiptOf(content) ?? "")) ?? [];
    const shown = found.find((result) => result.customer === customer);
    const heard = textJson(heardBy(till, content));
    if (shown && textJson(shown.profile) !== heard) {
      wrong.push(`${customer}: look-up shows ${textJson(shown.profile)}\n  expected ${heard}`);
    }
    if (!shown && receiptOf(content) !== null) {
      wrong.push(
        `${customer}: look-up by receipt finds ${JSON.stringify(found.map((each) => each.customer))}`,
      );
    }
  }
  return wrong.map((detail) => ({ invariant: TILL, detail: `${name}: ${detail}` }));
}

/** What a till of an older protocol is told of it. */
function heardBy({ protocol }: World["tills"][number], content: unknown): unknown {
  if (protocol > 1) return content;
  const { recent, ...rest } = content as { recent: object[] };
  return {
    ...rest,
    traits: {},
    recent: recent.map((sale) => ({ ...sale, order: undefined, shop: undefined })),
  };
}

function receiptOf(content: object): string | null {
  const { recent } = content as { recent: { receipt: string }[] };
  return recent[0]?.receipt ?? null;
}
