/**
 * The centre says which version of a customer's golden record is published. Versions are counted customer by customer, so a number
 * never follows a redirect: what comes late, or twice, would be another customer's. An id that redirects keeps its number for when
 * it comes back, and tells nobody.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, rowsOf, textOf } from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import type { LoadedCustomer } from "./loaded.ts";
import { EVERYTHING } from "./markers.ts";
import type { Session } from "./session.ts";
import { noticeStatement, profileStatement } from "./statements.ts";

interface Golden {
  readonly customer: CustomerId;
  readonly version: number;
}

/** Stores hear of it by then: it is a number that nobody at a till waits for. */
export function setGolden(session: Session, golden: Golden, quietMs: number): Promise<void> {
  const loaded = session.loaded(golden.customer);
  return loaded
    ? setInMemory(session, loaded, golden, quietMs)
    : setInStorage(session, golden, quietMs);
}

async function setInMemory(
  session: Session,
  customer: LoadedCustomer,
  { version }: Golden,
  quietMs: number,
): Promise<void> {
  const { profile } = customer;
  if (!profile || profile.golden >= version) return;
  customer.profile = { ...profile, golden: version, version: profile.version + 1 };
  if (customer.moved.has(EVERYTHING)) return session.storage.write([profileStatement(customer)]);
  await session.commit([customer], [], quietMs);
}

/** Most are not in memory any more by then, and two numbers are no reason to read all that is known of them. */
async function setInStorage(
  { storage, tell }: Session,
  { customer, version }: Golden,
  quietMs: number,
): Promise<void> {
  const [row] = await rowsOf(
    storage,
    `select p.version, p.stores,
       exists (select 1 from moved m where m.customer = p.customer and m.key = '') as moved
     from profile p where p.customer = ? and p.golden < ?`,
    [customer, version],
  );
  if (!row) return;
  const next = numberOf(row, "version") + 1;
  const isMoved = numberOf(row, "moved") === 1;
  const stores = isMoved ? [] : parseOwn<string[]>(textOf(row, "stores"));
  await storage.write([
    {
      // Numbers are bound as reals, which JSON would show.
      sql: `update profile set golden = ?2, version = ?3, json = json_set(
              json, '$.golden', cast(?2 as integer), '$.version', cast(?3 as integer)) where customer = ?1`,
      args: [customer, version, next],
    },
    ...stores.map((store) => noticeStatement({ store, customer, version: next }, quietMs)),
  ]);
  if (!isMoved) tell([customer]);
}
