/**
 * Mending: what is stored of a customer is made anew from the whole fragments, and these are delivered once more, so
 * that the centre says again what it has decided about them. Done again, it changes nothing.
 */
import { contributionDigest } from "@regulars/shared/compare/marks";
import { sha256Hex } from "@regulars/shared/digest";
import { clampContribution } from "@regulars/shared/fragment/clamp";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { openCopy, readCopy } from "@regulars/shared/fragment/copy";
import {
  clientIdOf,
  type CustomerId,
  type IdentityKey,
  parseFragmentId,
} from "@regulars/shared/ids";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { buildProfile, type Profile } from "@regulars/shared/survivorship/profile";
import { compareThese } from "./compare.ts";
import type { LoadedCustomer, LoadedFragment } from "./loaded.ts";
import { EVERYTHING } from "./markers.ts";
import { mergeUpdate, rebuildChanged, rebuildProfile } from "./merge.ts";
import { READ_BY } from "./stored-contribution.ts";
import { addStore, type Session } from "./session.ts";
import { fragmentStatement, undeliveredStatement } from "./statements.ts";

/** A fragment that the centre has and the edge has lost; `store` where its writer listens, null where it does not. */
export interface GivenFragment {
  readonly source: string;
  readonly epoch: number;
  readonly key: IdentityKey;
  /** The whole document, in base64. */
  readonly state: string;
  readonly sha256: string;
  readonly store: string | null;
}

export interface Mended {
  readonly customer: CustomerId;
  readonly fragments: readonly GivenFragment[];
}

export interface MendTimes {
  readonly nowMs: number;
  /** When stores are told. */
  readonly quietMs: number;
}

/** Answers whose stored profile was another than their fragments make. */
export async function mend(
  session: Session,
  asked: readonly Mended[],
  times: MendTimes,
): Promise<CustomerId[]> {
  const ids = asked.map(({ customer }) => customer);
  const { storage } = session;
  await replaceUnreadable(storage, session, ids);
  const stored = new Map(
    (await compareThese(storage, () => false, 0, ids)).map((each) => [each.customer, each]),
  );
  // What is in memory may be better than what is stored, and what is stored is what counts.
  session.forget();
  const customerOf = await session.load(ids);
  const statements: Statement[] = [];
  const rebuilt: LoadedCustomer[] = [];
  for (const { customer: id, fragments } of asked) {
    const customer = customerOf(id);
    if (customer.moved.has(EVERYTHING)) continue;
    statements.push(...readAnew(customer));
    if (!customer.profile) customer.profile = lostProfile(id, session, times.nowMs);
    for (const given of fragments) {
      const { state: update, ...name } = given;
      const merged = mergeUpdate(customer, { ...name, update, customer: id }, times.nowMs);
      if (given.store !== null && merged.outcome.outcome === "merged")
        addStore(customer, given.store);
      statements.push(...(merged.markers ?? []));
      if (merged.changed) statements.push(fragmentStatement(id, merged.changed));
    }
    if (rebuildChanged(customer, session.policy())) rebuilt.push(customer);
    else if (stored.get(id)?.isShown === false) {
      rebuildProfile(customer, session.policy());
      rebuilt.push(customer);
    }
    const all = [...customer.fragments.values()];
    statements.push(...all.map((fragment) => undeliveredStatement({ ...fragment, customer: id })));
  }
  await session.commit(rebuilt, statements, times.quietMs);
  return rebuilt.map(({ customer }) => customer);
}

/**
 * Which version it had is lost as well, and whoever has a copy takes none with a lower one: seconds are more than anybody has
 * ever counted changes.
 */
const lostProfile = (customer: CustomerId, session: Session, nowMs: number): Profile => ({
  ...buildProfile([], session.policy()),
  customer,
  version: Math.floor(nowMs / 1_000),
  golden: 0,
});

/** Of fragments whose bytes are whole; of others nothing better is known here, and their writer is asked as they are delivered. */
function readAnew(customer: LoadedCustomer): Statement[] {
  return [...customer.fragments.values()].flatMap((fragment) => {
    const contribution = said(fragment);
    if (!contribution || isSame(contribution, fragment.contribution)) return [];
    const mended = { ...fragment, contribution, readBy: READ_BY };
    customer.fragments.set(fragment.id, mended);
    return [fragmentStatement(customer.customer, mended)];
  });
}

function said({ id, state, sha256, clamps }: LoadedFragment): Contribution | null {
  if (sha256Hex(state) !== sha256) return null;
  const { source, epoch } = parseFragmentId(id);
  try {
    return clampContribution(readCopy(openCopy(state, clientIdOf(source, epoch))), clamps);
  } catch {
    return null; // nothing that this build can read
  }
}

const isSame = (a: Contribution, b: Contribution): boolean =>
  contributionDigest(a) === contributionDigest(b);

/** Rows whose JSON is damaged are put back to nothing, under the numbers that they have: the next version is made of the fragments. */
async function replaceUnreadable(
  storage: Storage,
  session: Session,
  ids: readonly CustomerId[],
): Promise<void> {
  const args = [JSON.stringify(ids)];
  const among = "customer in (select value from json_each(?))";
  const profiles = await rowsOf(
    storage,
    `select customer, version, golden from profile where ${among} and not json_valid(json)`,
    args,
  );
  const fragments = await rowsOf(
    storage,
    `select customer, id from fragment where ${among} and not json_valid(contribution)`,
    args,
  );
  const content = buildProfile([], session.policy());
  await storage.write([
    ...profiles.map((row) => {
      const customer = textOf(row, "customer");
      const numbers = { version: numberOf(row, "version"), golden: numberOf(row, "golden") };
      const json = JSON.stringify({ ...content, customer, ...numbers } satisfies Profile);
      return {
        sql: "update profile set json = ?, view = null where customer = ?",
        args: [json, customer],
      };
    }),
    // Any contribution will do: what the fragment says takes its place.
    ...fragments.map((row) => ({
      sql: "update fragment set contribution = '{}' where customer = ? and id = ?",
      args: [textOf(row, "customer"), textOf(row, "id")],
    })),
  ]);
}
