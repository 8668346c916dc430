/** The little of `oidc-provider` that tests use; it comes without types. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  export interface Configuration {
    clients: readonly object[];
    jwks: { keys: readonly object[] };
    claims: Readonly<Record<string, readonly string[]>>;
    conformIdTokenClaims: boolean;
    cookies: { keys: readonly string[] };
    findAccount(
      context: unknown,
      id: string,
    ): { accountId: string; claims(): Readonly<Record<string, unknown>> };
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }
  export default Provider;
}
