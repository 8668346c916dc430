/** Reading a profile as it was stored when it was merged (EDG3): no document is opened, nothing is parsed. */
import type { CustomerId } from "@regulars/shared/ids";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { isReadable, linesOf, textOfLines } from "../serve/view.ts";
import type { Owed } from "./owed.ts";
import { IS_REDIRECT } from "./markers.ts";

/** The profile as JSON text: whoever asked passes it on as it is. */
export type ReadAnswer = { readonly profile: string } | { readonly redirect: CustomerId } | null;

export interface StoredView {
  readonly version: number;
  readonly golden: number;
  /** Something of it is not in a golden record that the centre has published. */
  readonly isPending: boolean;
  /** Text of serve/view.ts; null where the reader has this very state. */
  readonly view: string | null;
  /** The profile as JSON text, for a reader that asks for it. */
  readonly json: string | null;
}
export type ViewAnswer = StoredView | { readonly redirect: CustomerId } | null;

export interface ViewQuestion {
  /** The state that the reader has (`stateOf`). */
  readonly known?: string;
  readonly withJson?: boolean;
}

/** Names what an answer depends on, besides who asks. */
export const stateOf = ({ version, golden, isPending }: Omit<StoredView, "view" | "json">) =>
  `${version}.${golden}${isPending ? "p" : ""}`;

/** While a customer is on the move, the old place still answers. */
export async function readProfile(storage: Storage, customer: CustomerId): Promise<ReadAnswer> {
  const [row] = await rowsOf(
    storage,
    `select p.json, m.target from (select ? as customer) c
     left join profile p on p.customer = c.customer
     left join moved m on m.customer = c.customer and m.key = '' and m.${IS_REDIRECT}`,
    [customer],
  );
  if (!row) return null;
  if (row["target"] !== null) return { redirect: textOf(row, "target") };
  return row["json"] === null ? null : { profile: textOf(row, "json") };
}

/** One question of few columns, for it is asked more often than any other. */
const VIEW_SQL = `select p.version, p.golden, p.view, p.golden < p.golden_due
    or exists (select 1 from undelivered u where u.customer = p.customer) as pending
  from profile p where p.customer = ?1
    and not exists (select 1 from moved m where m.customer = ?1 and m.key = '' and m.${IS_REDIRECT})`;

export async function readView(
  storage: Storage,
  { owes }: Pick<Owed, "owes">,
  customer: CustomerId,
  { known, withJson = false }: ViewQuestion,
): Promise<ViewAnswer> {
  const [row] = await rowsOf(storage, VIEW_SQL, [customer]);
  if (!row) return redirectOf(storage, customer);
  const state = {
    version: numberOf(row, "version"),
    golden: numberOf(row, "golden"),
    isPending: row["pending"] === 1 || owes(customer),
  };
  const isKnown = known === stateOf(state);
  return {
    ...state,
    view: isKnown ? null : await viewOf(storage, customer, row),
    json: withJson ? await jsonOf(storage, customer) : null,
  };
}

async function redirectOf(storage: Storage, customer: CustomerId): Promise<ViewAnswer> {
  const [row] = await rowsOf(
    storage,
    `select target from moved where customer = ? and key = '' and ${IS_REDIRECT}`,
    [customer],
  );
  return row ? { redirect: textOf(row, "target") } : null;
}

async function jsonOf(storage: Storage, customer: CustomerId): Promise<string> {
  const [row = {}] = await rowsOf(storage, "select json from profile where customer = ?", [
    customer,
  ]);
  return textOf(row, "json");
}

/** What another build has written is made anew, for this answer. */
async function viewOf(storage: Storage, customer: CustomerId, { view }: Row): Promise<string> {
  if (typeof view === "string" && isReadable(view)) return view;
  return textOfLines(linesOf(profileSchema.parse(JSON.parse(await jsonOf(storage, customer)))));
}
