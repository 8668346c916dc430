/** The account that a file is imported for: its zone, its stores and its currency decide what the file means. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Account, accountSchema } from "@regulars/shared/connect/account";
import type { MapAccount } from "@regulars/shared/connect/mapper";
import { CommandFailure } from "../command.ts";
import { type EdgeClient, refusalOf } from "./edge-client.ts";

/** Enough to read a file with; a file of the account may say no more. */
const mapAccountSchema = accountSchema
  .pick({ id: true, realm: true, zone: true, country: true, currency: true, locations: true })
  .extend({ rules: accountSchema.shape.rules.default({}) });

export async function readAccountFile(path: string): Promise<MapAccount> {
  const file = basename(path);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CommandFailure(`The account ${file} cannot be read as JSON.`, { cause: error });
  }
  const account = mapAccountSchema.safeParse(json);
  if (account.success) return account.data;
  const field = account.error.issues[0]?.path.join(".") ?? "it";
  throw new CommandFailure(
    `The account ${file} is not one: ${field} is missing or cannot be used.`,
  );
}

/** For a look at a file without an edge: times are UTC, and so on. */
export const UNKNOWN_ACCOUNT: MapAccount = {
  id: "unknown",
  realm: "unknown",
  zone: "UTC",
  country: "GB",
  currency: "GBP",
  rules: {},
};

export async function fetchAccount(client: EdgeClient, id: string): Promise<MapAccount> {
  const answer = await client.get(`/v1/accounts/${id}`);
  if (answer.status === 401) throw refusalOf(answer);
  if (answer.status === 404) {
    throw new CommandFailure("The edge does not know this account: make it, or look for its id.");
  }
  if (answer.status === 403) {
    throw new CommandFailure(
      "This key may not read the account: say what it is with --account-file account.json.",
    );
  }
  const account = accountSchema.safeParse(answer.json);
  if (answer.status !== 200 || !account.success) {
    throw new CommandFailure(
      `The edge does not tell the account (${answer.status}): say what it is with --account-file account.json.`,
    );
  }
  return account.data satisfies Account;
}
