/**
 * Profiles as digests, for the centre to compare (GLD2). What is stored is digested, not what is in memory: that is what is
 * served, and what a disk may have changed.
 */
import type { ComparedProfile } from "@regulars/shared/compare/messages";
import { contributionDigest, type FragmentMark, marksDigest } from "@regulars/shared/compare/marks";
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { NO_ACTIVITY } from "@regulars/shared/survivorship/activity";
import { type Profile, profileDigest } from "@regulars/shared/survivorship/profile";
import { parseOwn } from "../own-json.ts";
import { isReadable, linesOf, textOfLines } from "../serve/view.ts";
import { IS_REDIRECT } from "./markers.ts";
import { parseContribution } from "./stored-contribution.ts";

export interface ComparedPage {
  readonly profiles: ComparedProfile[];
  readonly next: string | null;
}

/** The next customers of the shard, in the order of their ids. */
export async function comparePage(
  storage: Storage,
  owes: Owes,
  policy: number,
  after: string,
): Promise<ComparedPage> {
  const rows = await rowsOf(
    storage,
    "select customer from profile where customer > ? order by customer limit ?",
    [after, LIMITS.compareCustomers],
  );
  const ids = rows.map((row): CustomerId => textOf(row, "customer"));
  const profiles = await compareThese(storage, owes, policy, ids);
  return {
    profiles: profiles.map(({ fragments: _each, ...profile }) => profile),
    next: ids.length < LIMITS.compareCustomers ? null : (ids.at(-1) ?? null),
  };
}

/** Whether something of the customer is on its way to the centre and stands in memory. */
type Owes = (customer: CustomerId) => boolean;

/** Those of them that were ever here. */
export async function compareThese(
  storage: Storage,
  owes: Owes,
  policy: number,
  customers: readonly CustomerId[],
): Promise<ComparedProfile[]> {
  const args = [JSON.stringify(customers)];
  const among = "customer in (select value from json_each(?))";
  const [profiles = [], fragments = [], moved = [], restless = [], rebuilding = []] =
    await storage.read([
      {
        sql: `select customer, version, golden, json, view from profile where ${among} order by customer`,
        args,
      },
      { sql: `select customer, id, clock, contribution from fragment where ${among}`, args },
      {
        sql: `select customer, target from moved where ${among} and key = '' and ${IS_REDIRECT}`,
        args,
      },
      {
        sql: `select customer from undelivered where ${among}
              union select customer from arrival where ${among}
              union select customer from moved where ${among} and done in (0, 3) and target <> customer`,
        args: [...args, ...args, ...args],
      },
      { sql: "select 1 from setting where name = 'rebuilt'" },
    ]);
  const marks = Map.groupBy(fragments, (row) => textOf(row, "customer"));
  const targets = new Map(moved.map((row) => [textOf(row, "customer"), textOf(row, "target")]));
  const isRestless = new Set([
    ...restless.map((row) => textOf(row, "customer")),
    ...customers.filter((customer) => owes(customer)),
  ]);
  return profiles.map((row) => {
    const customer = textOf(row, "customer");
    const own = (marks.get(customer) ?? []).map((fragment) => markOf(fragment));
    return {
      customer,
      redirect: targets.get(customer) ?? null,
      version: numberOf(row, "version"),
      golden: numberOf(row, "golden"),
      policy,
      ...servedOf(row),
      marks: marksDigest(own),
      isQuiet: rebuilding.length === 0 && !isRestless.has(customer),
      fragments: own,
    };
  });
}

/** What is damaged has no digest, and is like nothing that it could be compared with. */
function servedOf(row: Row): Pick<ComparedProfile, "digest" | "isShown"> {
  try {
    const profile = { ...NO_ACTIVITY, ...parseOwn<Profile>(textOf(row, "json")) };
    const { view } = row;
    // A view of another build is made anew for each answer.
    const isOwn = typeof view === "string" && isReadable(view);
    return {
      digest: profileDigest(profile),
      isShown: !isOwn || view === textOfLines(linesOf(profile)),
    };
  } catch {
    return { digest: null, isShown: false };
  }
}

function markOf(row: Row): FragmentMark {
  return { id: textOf(row, "id"), clock: numberOf(row, "clock"), digest: saidBy(row) };
}

function saidBy(row: Row): string {
  try {
    return contributionDigest(parseContribution(textOf(row, "contribution")).contribution);
  } catch {
    return "damaged";
  }
}
