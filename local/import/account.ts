/** The account that a file is imported for: its zone, its stores and its currency decide what the file means. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Account, accountSchema } from "@regulars/shared/connect/account";
import type { MapAccount } from "@regulars/shared/connect/mapper";
import { CommandFailure } from "../command.ts";
import { type EdgeClient, refusalOf } from "./edge-client.ts";

/** Enough to read a file with; a file of the account may say no more. */
const fileSchema = accountSchema
  .pick({ id: true, realm: true, zone: true, country: true, currency: true, locations: true })
  .partial({ id: true })
  .extend({ rules: accountSchema.shape.rules.default({}) });

/** `id` is what --account says: a file that is meant for the edge's PUT names none. */
export async function readAccountFile(path: string, id: string | null): Promise<MapAccount> {
  const file = basename(path);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CommandFailure(`The account ${file} cannot be read as JSON.`, { cause: error });
  }
  const account = fileSchema.safeParse(json);
  if (account.success) {
    const said = account.data.id ?? id ?? UNKNOWN_ACCOUNT.id;
    if (id !== null && said !== id) {
      throw new CommandFailure(
        "The file of --account-file is about another account than --account.",
      );
    }
    return { ...account.data, id: said };
  }
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
  const account = accountSchema.safeParse(await askAccount(client, id));
  if (!account.success) {
    throw new CommandFailure(
      "What the edge tells of the account cannot be used: say what it is with --account-file account.json.",
    );
  }
  return account.data satisfies Account;
}

/**
 * Throws a sentence where the key is not the account's. What is posted goes to the account of the key, whatever the
 * command or a file says, so that this is asked before every import.
 */
export async function askAccount(client: EdgeClient, id: string): Promise<unknown> {
  const answer = await client.get(`/v1/accounts/${id}`);
  if (answer.status === 200) return answer.json;
  if (answer.status === 401) throw refusalOf(answer);
  if (answer.status === 404) {
    throw new CommandFailure("The edge does not know this account: make it, or look for its id.");
  }
  if (answer.status === 403) {
    throw new CommandFailure(
      `This key does not belong to account ${id}, or it lacks the scope \`events\`.`,
    );
  }
  throw new CommandFailure(`The edge does not tell the account (${answer.status}).`);
}
