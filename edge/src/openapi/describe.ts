/** How a route is described: beside its code, by the schemas that it parses and answers with. */
import type { ProblemReason } from "@regulars/shared/problem";
import type { z } from "zod";
import type { Action } from "@regulars/shared/access/actions";

export const TAGS = {
  Customers:
    "One profile of every customer: look it up, read it, listen to it, say something for it.",
  Ingestion:
    "What shops, apps, platforms and files tell. What is answered with 200 is durable; it is read a moment later, and what of " +
    "it cannot be used waits at the intake desk.",
  "Intake desk":
    "What could not be used, why, and what a person does about it. A connector sees its own shop, the centre every one.",
  Administration: "Accounts of connectors, their API keys, and which tills are let in.",
  Tills:
    "What store agents speak with the edge. They do it by themselves; nobody has to write it again.",
  Operation: "How the edge is doing, and this description.",
} as const;
export type Tag = keyof typeof TAGS;

export interface DescribedAnswer {
  readonly description: string;
  /** None: no body. */
  readonly schema?: z.ZodType;
  /** JSON where nothing is said. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly example?: unknown;
}

export interface DescribedParam {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example?: string;
}

export interface DescribedBody {
  readonly schema: z.ZodType;
  /** JSON where nothing is said. */
  readonly type?: string;
  /** Other forms that it may have, by their media types. */
  readonly more?: Readonly<Record<string, z.ZodType>>;
  readonly example?: unknown;
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
  readonly params?: Readonly<Record<string, DescribedParam>>;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: DescribedBody;
  readonly answers: Readonly<Record<number, DescribedAnswer>>;
  /** Beside those that every route with a door may answer with. */
  readonly problems: readonly ProblemReason[];
}
