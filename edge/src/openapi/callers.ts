/** Who may call, in the words of OpenAPI: made of the table that decides it. */
import type { Action } from "@regulars/shared/access/actions";
import { SCOPES, type Scope } from "@regulars/shared/access/scopes";
import { type Row, TABLE } from "@regulars/shared/access/table";

type Json = Readonly<Record<string, unknown>>;
type Person = Exclude<Row, `connector:${Scope}`>;

const bearer = (description: string, bearerFormat?: string): Json => ({
  type: "http",
  scheme: "bearer",
  ...(bearerFormat === undefined ? {} : { bearerFormat }),
  description,
});

const PEOPLE: Readonly<Record<Person, Json>> = {
  till: bearer("A till's token of ten minutes, which it gets for a signature of its key.", "JWT"),
  customer: bearer(
    "A customer of the retailer's app or web shop: a JWT of its identity provider. About itself alone.",
    "JWT",
  ),
  associate: bearer("An associate in a store: the same, with the role `associate`.", "JWT"),
  desk: bearer("The service desk: the same, with the role `service_desk`.", "JWT"),
  centre: bearer("Head office: the centre's own token."),
};

/** Sockets of browsers, which cannot set a header, send any of these as the sub-protocol after `bearer`. */
export const SECURITY_SCHEMES: Readonly<Record<string, Json>> = {
  ...PEOPLE,
  apiKey: bearer(
    `An API key of an account: \`rk_…\`. Its scopes say what it is for: ${SCOPES.map((scope) => `\`${scope}\``).join(", ")}.`,
  ),
  apiKeyBasic: {
    type: "http",
    scheme: "basic",
    description:
      "The same key as the user name, without a password, as analytics libraries send it.",
  },
};

/** Any one of these is enough. Roles of an API key are its scopes. */
export function securityOf(action: Action | null): Record<string, string[]>[] {
  if (action === null) return [];
  return Object.entries(TABLE).flatMap(([row, granted]): Record<string, string[]>[] => {
    if (granted[action] === undefined) return [];
    const [kind = "", ...scope] = row.split(":");
    if (kind !== "connector") return [{ [kind]: [] }];
    const roles = [scope.join(":")];
    return [{ apiKey: roles }, { apiKeyBasic: roles }];
  });
}
