/** What we promise, as it is looked for on all disks once everything is quiet. */
import { createHash } from "node:crypto";
import { eventSchema, type RegularsEvent } from "@regulars/shared/events/event";
import { numberOf, type Row, textOf } from "@regulars/shared/storage/port";
import { legibleRow } from "../../central/src/db/event-body.ts";
import { copyViolations } from "./copies.ts";
import { drawerViolations } from "./drawers.ts";
import { journalOf, repeatViolations } from "./journals.ts";
import { rowsIn } from "./quiet.ts";
import type { Violation } from "./run.ts";
import type { SimulatedTill } from "./till.ts";
import type { World } from "./world.ts";

export async function violationsOf(world: World): Promise<Violation[]> {
  const centre = world.centre.disk.database;
  const stored = rowsIn(centre, "select * from event order by source, epoch, seq");
  const rows = stored.map((row) => legibleRow(row));
  return [
    ...orderViolations(
      world,
      rows.map((row) => eventOf(row)),
    ),
    ...chainViolations("the centre", rows),
    ...(await Promise.all(world.tills.map((till) => tillViolations(till, rows)))).flat(),
    ...forkViolations(world),
    ...receiptViolations(world),
    ...lifeViolations(world),
    ...quarantineViolations(world),
    ...(await drawerViolations(
      world,
      rows.map((row) => eventOf(row)),
    )),
    ...(await copyViolations(
      world,
      rows.map((row) => eventOf(row)),
    )),
    // Last, as they are captures: what they find wrong they may have made worse.
    ...(await repeatViolations(world)),
  ];
}

const eventOf = (row: Row): RegularsEvent => eventSchema.parse(JSON.parse(textOf(row, "body")));

const violation =
  (invariant: string) =>
  (detail: string): Violation => ({ invariant, detail });
const LOST = violation("no acknowledged event is lost");
const DOUBLED = violation("no event takes effect twice");
const CHAIN = violation("journals are gap-free and their chains whole");
const SAME = violation("till and centre have the same journal");
const FORK = violation("a fork is reported, never merged");
const RECEIPT = violation("no receipt number is printed twice");
const LIFE = violation("two machines with one journal are told apart");
const QUARANTINE = violation("nothing is quarantined without a reason");

/** What the event carries of the capture that made it; null for what follows from another one. */
function tagOf({ kind, body }: RegularsEvent): string | null {
  switch (kind) {
    case "sale":
    case "return":
      return body.externalId ?? null;
    case "void":
      return body.reason ?? null;
    case "consent":
      return body.evidence?.version ?? null;
    case "note":
      return body.text;
    case "claim":
      return body.claims.givenName?.replace("Ada ", "claim ") ?? null;
    case "adjustment":
    case "behaviour":
    case "cart":
    case "order":
    case "loyalty":
      return null;
    case "drawer":
      return body.reason;
    case "close":
      return body.note ?? null;
    case "open":
    case "count":
    case "seal":
      return body.staff ?? null;
  }
}

/** Every capture that was answered is at the centre, once; what was not answered is there once or not at all. */
function orderViolations(world: World, events: readonly RegularsEvent[]): Violation[] {
  const violations: Violation[] = [];
  const counts = new Map<string, number>();
  for (const event of events) {
    const tag = tagOf(event);
    if (tag !== null) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const receipts = new Set<string>();
  for (const { name, orders } of world.tills) {
    for (const { tag, input, state, mayBeLost } of orders) {
      const named = "kind" in input && input.kind === "claim" ? `claim ${tag}` : tag;
      const count = counts.get(named) ?? 0;
      receipts.add(named).add(`claim ${tag}`);
      if (state === "acknowledged" && !mayBeLost && count === 0)
        violations.push(LOST(`${named} of ${name}`));
      if (count > 1) violations.push(DOUBLED(`${named} of ${name}: ${count} times`));
      if ((counts.get(`claim ${tag}`) ?? 0) > 1)
        violations.push(DOUBLED(`claim ${tag} of ${name}`));
      if (state === "refused" && count > 0)
        violations.push(DOUBLED(`${named} of ${name} was refused`));
    }
  }
  for (const tag of counts.keys()) {
    if (!receipts.has(tag)) violations.push(DOUBLED(`${tag} was captured by nobody`));
  }
  return violations;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function chainViolations(where: string, rows: readonly Row[]): Violation[] {
  const violations: Violation[] = [];
  for (const [writer, journal] of Map.groupBy(rows, writerOf)) {
    let prev = sha256(`regulars/journal/${writer}`);
    for (const [at, row] of journal.entries()) {
      const [seq, hash] = [numberOf(row, "seq"), textOf(row, "hash")];
      const isNext = seq === at + 1 && textOf(row, "prev") === prev;
      if (!isNext || sha256(`${prev}\n${textOf(row, "body")}`) !== hash) {
        violations.push(CHAIN(`${where}: ${writer}, row ${seq}`));
        break;
      }
      prev = hash;
    }
  }
  return violations;
}

const writerOf = (row: Row): string => `${textOf(row, "source")}/${numberOf(row, "epoch")}`;

/** What a till has, the centre has, with the same bytes. */
async function tillViolations(till: SimulatedTill, events: readonly Row[]): Promise<Violation[]> {
  const hashes = new Map(
    events.map((row) => [`${writerOf(row)}/${numberOf(row, "seq")}`, textOf(row, "hash")]),
  );
  const rows = await journalOf(till);
  const other = rows.find(
    (row) => hashes.get(`${writerOf(row)}/${numberOf(row, "seq")}`) !== textOf(row, "hash"),
  );
  return [
    ...chainViolations(till.name, rows),
    ...headViolations(till, rows),
    ...(other ? [SAME(`${till.name}: ${writerOf(other)}, row ${numberOf(other, "seq")}`)] : []),
  ];
}

/** A chain may be whole and too short. */
function headViolations({ name, source, disk }: SimulatedTill, rows: readonly Row[]): Violation[] {
  const last = new Map(rows.map((row) => [writerOf(row), numberOf(row, "seq")]));
  return rowsIn(disk.database, "select epoch, seq from writer").flatMap((row) => {
    const [epoch, seq] = [numberOf(row, "epoch"), numberOf(row, "seq")];
    const found = last.get(`${source}/${epoch}`) ?? 0;
    return found === seq ? [] : [CHAIN(`${name}: ${source}/${epoch} ends at ${found}, not ${seq}`)];
  });
}

/** Two rows were offered under one key: some inbox has counted it, or sent the second machine elsewhere. */
function forkViolations(world: World): Violation[] {
  const reported = new Set<string>();
  for (const { disk } of world.edge.inboxes.values()) {
    const sql = "select source, epoch from mark where forks > 0 or fenced > 0";
    for (const row of rowsIn(disk.database, sql)) reported.add(writerOf(row));
  }
  return [...world.offered].flatMap(([key, hashes]) => {
    const writer = key.slice(0, key.lastIndexOf("/"));
    const isTold = reported.has(writer) || world.refusedElsewhere.has(writer);
    return hashes.size > 1 && !isTold ? [FORK(`${key}: ${hashes.size} rows, no report`)] : [];
  });
}

/** But for machines that had no way to know what they had printed. */
function receiptViolations(world: World): Violation[] {
  return world.tills.flatMap((till) => {
    if (till.hasForgotten()) return [];
    const printed = till.orders.flatMap(({ receipt }) => receipt ?? []);
    const twice = printed.filter((receipt, at) => printed.indexOf(receipt) !== at);
    return twice.map((receipt) => RECEIPT(`${till.name}: ${receipt}`));
  });
}

/** A copy and what it was copied from: once both have said something, they do not say it in one epoch. */
function lifeViolations(world: World): Violation[] {
  const writing = world.tills.flatMap((till) => {
    const sql = "select epoch from writer where closed is null and seq > 0";
    return rowsIn(till.disk.database, sql).map((row) => ({ till, epoch: numberOf(row, "epoch") }));
  });
  return writing.flatMap(({ till, epoch }, at) => {
    const other = writing
      .slice(0, at)
      .find((each) => each.till.source === till.source && each.epoch === epoch);
    return other ? [LIFE(`${till.name} and ${other.till.name} both write epoch ${epoch}`)] : [];
  });
}

function quarantineViolations(world: World): Violation[] {
  const places = [
    ...world.tills.map(({ name, disk }) => ({ name, disk, sql: "select * from quarantine" })),
    ...[...world.edge.inboxes.values()].flatMap(({ name, disk }) => [
      { name, disk, sql: "select source, epoch, seq, code from quarantine" },
      { name, disk, sql: "select source, epoch, seq, code from item where code is not null" },
    ]),
    {
      name: "centre",
      disk: world.centre.disk,
      sql: "select source, epoch, code, item from intake_problem",
    },
  ];
  return places.flatMap(({ name, disk, sql }) =>
    rowsIn(disk.database, sql)
      // A fork that the inbox could not know is told by the centre.
      .filter((row) => row["code"] !== "fork")
      .map((row) => QUARANTINE(`${name}: ${JSON.stringify(row)}`)),
  );
}
