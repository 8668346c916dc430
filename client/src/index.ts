export { type Client, createClient, type Lookup, type Said, type Wish } from "./client.ts";
export { type Reason, REASONS, RegularsError } from "./error.ts";
export type { ClientOptions } from "./http.ts";
export type { LiveOptions } from "./live.ts";
export type { OpenSocket, Socket, Transport } from "./transports.ts";
export type * from "./types.ts";
