/** Delivering: changed fragments to the centre as source records, until it has them. The latest state is enough. */
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import type { Clamps } from "@regulars/shared/fragment/clamp";
import { type CustomerId, type FragmentName, parseFragmentId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type {
  FragmentsIntake,
  FragmentsIntakeAnswer,
  GoldenVersion,
} from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  bytesOf,
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import type { Owed, OwedFragment } from "./owed.ts";

export interface CentralPort {
  fragments(intake: FragmentsIntake): Promise<FragmentsIntakeAnswer>;
}

/** Where writers are met: of these stores, whichever has the writer asks it for the whole fragment. */
export interface NeedsPort {
  need(store: string, fragments: readonly FragmentName[]): Promise<void>;
}

/** One batch. Throws when the centre cannot be reached; all stays then. */
export async function deliverRound(
  storage: Storage,
  owed: Pick<Owed, "all" | "done">,
  central: CentralPort,
  stores: NeedsPort,
  onDelivered: (customers: readonly CustomerId[]) => void,
): Promise<"again" | "done" | "idle"> {
  const { fragments: live } = owed.all();
  const { now, before } = await readWaiting(storage, live);
  // What is not here any more has moved away.
  const here = namesOf(now);
  owed.done({ fragments: live.filter((each) => !here.has(nameOf(each.customer, each.id))) });
  const others = before.filter((row) => !here.has(nameOfRow(row)));
  const all = [...now, ...others];
  const waiting = withinBytes(all.slice(0, LIMITS.deliverItems));
  if (waiting.length === 0) return "idle";
  // A disk forgets a bit now and then: what is damaged is not handed on, and its writer has it still (SYN5).
  const damaged = waiting.filter((row) => !isWhole(row));
  for (const row of damaged) await askForWhole(stores, row);
  await storage.write(damaged.map((row) => giveUpStatement(row)));
  const rows = damaged.length > 0 ? waiting.filter((row) => isWhole(row)) : waiting;
  const intake = { ...THIS_VERSION, fragments: rows.map((row) => intakeOf(row)) };
  const { golden = [] } = rows.length > 0 ? await central.fragments(intake) : {};
  await storage.write([
    ...golden.map((each) => goldenDueStatement(each)),
    ...rows.map((row) => ({
      sql: "delete from undelivered where customer = ? and id = ? and clock <= ?",
      args: [textOf(row, "customer"), textOf(row, "id"), numberOf(row, "clock")],
    })),
  ]);
  const sent = namesOf(waiting);
  owed.done({ fragments: live.filter(({ customer, id }) => sent.has(nameOf(customer, id))) });
  onDelivered([...new Set(rows.map((row) => textOf(row, "customer")))]);
  const isAll = waiting.length === all.length && before.length < LIMITS.deliverItems;
  return isAll ? "done" : "again";
}

const nameOf = (customer: string, id: string): string => `${customer}/${id}`;
const nameOfRow = (row: Row): string => nameOf(textOf(row, "customer"), textOf(row, "id"));
const namesOf = (rows: readonly Row[]): Set<string> => new Set(rows.map((row) => nameOfRow(row)));

/** Of what is owed in memory, and of what has waited for longer. */
async function readWaiting(storage: Storage, live: readonly OwedFragment[]) {
  const columns = "f.customer, f.id, f.clock, f.sha256, f.state, f.clamps, p.stores";
  const [now = [], before = []] = await storage.read([
    {
      sql: `select ${columns} from json_each(?) k
            cross join fragment f on f.customer = k.value ->> 'customer' and f.id = k.value ->> 'id'
            join profile p on p.customer = f.customer`,
      args: [JSON.stringify(live)],
    },
    {
      // In this order: to SQLite, which knows no sizes, all fragments are as good a beginning as the few that wait.
      sql: `select ${columns} from undelivered u
            cross join fragment f on f.customer = u.customer and f.id = u.id
            join profile p on p.customer = u.customer limit ?`,
      args: [LIMITS.deliverItems],
    },
  ]);
  return { now, before };
}

/** Until that version is published, what was delivered is not golden. */
const goldenDueStatement = ({ customer, version }: GoldenVersion): Statement => ({
  sql: "update profile set golden_due = ?1 where customer = ?2 and golden_due < ?1",
  args: [version, customer],
});

const isWhole = (row: Row): boolean => sha256Hex(bytesOf(row, "state")) === textOf(row, "sha256");

/** It waits for its delivery again as soon as it has come; it may have come meanwhile. */
const giveUpStatement = (row: Row): Statement => ({
  sql: `delete from undelivered where customer = ?1 and id = ?2
          and ?3 = (select state from fragment where customer = ?1 and id = ?2)`,
  args: [textOf(row, "customer"), textOf(row, "id"), bytesOf(row, "state")],
});

async function askForWhole(port: NeedsPort, row: Row): Promise<void> {
  const name = parseFragmentId(textOf(row, "id"));
  for (const store of parseOwn<string[]>(textOf(row, "stores"))) await port.need(store, [name]);
}

function intakeOf(row: Row): FragmentsIntake["fragments"][number] {
  return {
    ...parseFragmentId(textOf(row, "id")),
    customer: textOf(row, "customer"),
    clock: numberOf(row, "clock"),
    state: bytesToBase64(bytesOf(row, "state")),
    sha256: textOf(row, "sha256"),
    ...(row["clamps"] === null ? {} : { clamps: parseOwn<Clamps>(textOf(row, "clamps")) }),
  };
}

function withinBytes(rows: readonly Row[]): Row[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += bytesOf(row, "state").length;
    return bytes > LIMITS.deliverBytes;
  });
  return rows.slice(0, end === -1 ? rows.length : Math.max(1, end));
}
