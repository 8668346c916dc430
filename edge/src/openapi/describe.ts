/** How a route is described: beside its code, by the schemas that it parses and answers with. */
import type { ProblemReason } from "@regulars/shared/problem";
import type { z } from "zod";
import type { Action } from "../access/actions.ts";

export type Tag =
  | "Customers"
  | "Ingestion"
  | "Intake desk"
  | "Administration"
  | "Tills"
  | "Operation";

export interface DescribedAnswer {
  readonly description: string;
  /** None: no body. */
  readonly schema?: z.ZodType;
  /** JSON where nothing is said. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface DescribedRoute {
  readonly method: "get" | "post" | "put" | "delete";
  /** With parameters as Hono has them: `/v1/customers/:customer`. */
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** Null: whoever has the address may call. */
  readonly action: Action | null;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly schema: z.ZodType; readonly type?: string; readonly optional?: true };
  readonly answers: Readonly<Record<number, DescribedAnswer>>;
  /** Beside those that every route with a door may answer with. */
  readonly problems: readonly ProblemReason[];
}
