/** What the office does for a new connector: an account at the edge, and an API key for it. Done once; asked at each start. */
import { type Account, accountSchema } from "@regulars/shared/connect/account";
import { z } from "zod";
import { request } from "./request.ts";

export interface NewAccount {
  readonly account: Account;
  readonly scopes: readonly string[];
}

const accountsSchema = z.object({
  accounts: z.array(accountSchema.extend({ keys: z.array(z.object({ id: z.string() })) })),
});
const keySchema = z.object({ key: z.string() });

/** A key for each account: the known one as long as the edge knows it as well, and otherwise a new one. */
export async function openAccounts(
  edgeUrl: string,
  centralToken: string,
  wanted: readonly NewAccount[],
  known: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${centralToken}` };
  const url = `${edgeUrl}/v1/accounts`;
  const { accounts } = await request(url, accountsSchema, { headers });
  const keys: Record<string, string> = {};
  for (const { account, scopes } of wanted) {
    const { id, ...body } = account;
    const open = accounts.find((each) => each.id === id);
    // As somebody may have changed it since: it is theirs.
    if (!open) await request(`${url}/${id}`, z.unknown(), { headers, body, method: "PUT" });
    const before = known[id];
    const isGood = open?.keys.some((key) => before?.startsWith(`rk_${key.id}_`)) ?? false;
    keys[id] =
      before !== undefined && isGood
        ? before
        : (await request(`${url}/${id}/keys`, keySchema, { headers, body: { scopes } })).key;
  }
  return keys;
}
