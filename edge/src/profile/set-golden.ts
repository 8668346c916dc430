/**
 * The centre says which versions of customers' golden records are published. Versions are counted customer by customer, so a number
 * never follows a redirect: what comes late, or twice, would be another customer's. An id that redirects keeps its number for when
 * it comes back, and tells nobody.
 */
import type { CustomerId } from "@regulars/shared/ids";
import type { GoldenVersion } from "@regulars/shared/protocol/intake";
import { numberOf, type Row, rowsOf, type Statement, textOf } from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import type { LoadedCustomer } from "./loaded.ts";
import { EVERYTHING } from "./markers.ts";
import type { Session } from "./session.ts";
import { noticeStatement, profileStatement } from "./statements.ts";

/** In one write. Stores hear of it by then: it is a number that nobody at a till waits for. */
export async function setGolden(
  session: Session,
  goldens: readonly GoldenVersion[],
  quietMs: number,
): Promise<void> {
  const changed: LoadedCustomer[] = [];
  const statements: Statement[] = [];
  const absent: GoldenVersion[] = [];
  for (const golden of goldens) {
    const customer = session.loaded(golden.customer);
    if (!customer) absent.push(golden);
    else if (!setInMemory(customer, golden)) continue;
    else if (customer.moved.has(EVERYTHING)) statements.push(profileStatement(customer));
    else changed.push(customer);
  }
  const told: CustomerId[] = [];
  for (const row of await readOlder(session, absent)) {
    const isMoved = numberOf(row, "moved") === 1;
    statements.push(...(isMoved ? [versionStatement(row)] : newsStatements(row, quietMs)));
    if (!isMoved) told.push(textOf(row, "customer"));
  }
  if (changed.length + statements.length === 0) return;
  await session.commit(changed, statements, quietMs);
  if (told.length > 0) session.tell(told);
}

function setInMemory(customer: LoadedCustomer, { version }: GoldenVersion): boolean {
  const { profile } = customer;
  if (!profile || profile.golden >= version) return false;
  customer.profile = { ...profile, golden: version, version: profile.version + 1 };
  return true;
}

/** Most are not in memory any more by then, and two numbers are no reason to read all that is known of them. */
async function readOlder(
  { storage }: Session,
  goldens: readonly GoldenVersion[],
): Promise<readonly Row[]> {
  if (goldens.length === 0) return [];
  return rowsOf(
    storage,
    `select p.customer, p.version + 1 as version, p.stores, max(k.value ->> 'version') as golden,
       exists (select 1 from moved m where m.customer = p.customer and m.key = '') as moved
     from json_each(?) k cross join profile p
       on p.customer = k.value ->> 'customer' and p.golden < k.value ->> 'version'
     group by p.customer`,
    [JSON.stringify(goldens)],
  );
}

const versionStatement = (row: Row): Statement => ({
  // Numbers are bound as reals, which JSON would show.
  sql: `update profile set golden = ?2, version = ?3, json = json_set(
          json, '$.golden', cast(?2 as integer), '$.version', cast(?3 as integer)) where customer = ?1`,
  args: [textOf(row, "customer"), numberOf(row, "golden"), numberOf(row, "version")],
});

function newsStatements(row: Row, quietMs: number): Statement[] {
  const customer = textOf(row, "customer");
  const version = numberOf(row, "version");
  const stores = parseOwn<string[]>(textOf(row, "stores"));
  return [
    versionStatement(row),
    ...stores.map((store) => noticeStatement({ store, customer, version }, quietMs)),
  ];
}
