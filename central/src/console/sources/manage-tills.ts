/** Letting tills in and shutting them out: the edge decides, the audit tells that it was asked and what came of it (SEC3). */
import { problemSchema } from "@regulars/shared/problem";
import type { Storage } from "@regulars/shared/storage/port";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import type { AskEdge } from "../../tills/routes.ts";

export interface ManageDeps {
  readonly storage: Storage;
  readonly askEdge: AskEdge;
  readonly nowMs: () => number;
}

export type Outcome<Of> =
  | { readonly is: "done"; readonly value: Of }
  /** In words for whoever asked; nothing was changed. */
  | { readonly is: "refused"; readonly words: string };

const codeSchema = z.object({ code: z.string(), expiresAt: z.string() });
export type Code = z.infer<typeof codeSchema>;

const AWAY =
  "The edge cannot be reached at the moment, and it decides who is let in. Nothing was changed; try again.";

/** The code itself stands nowhere but in the answer. */
export async function letIn(
  deps: ManageDeps,
  till: { readonly source: string; readonly store: string },
  by: string,
): Promise<Outcome<Code>> {
  return told(deps, { by, target: till.source, what: "enrolment", store: till.store }, async () => {
    const { status, json } = await deps.askEdge("POST", "/v1/tills/enrolments", till);
    const code = codeSchema.safeParse(json);
    return status === 201 && code.success ? { is: "done", value: code.data } : refusedBy(json);
  });
}

export async function shutOut(
  deps: ManageDeps,
  source: string,
  by: string,
): Promise<Outcome<null>> {
  return told(deps, { by, target: source, what: "revocation" }, async () => {
    const { status, json } = await deps.askEdge("DELETE", `/v1/tills/${source}`);
    return status === 204 ? { is: "done", value: null } : refusedBy(json);
  });
}

interface Told {
  readonly by: string;
  readonly target: string;
  readonly what: "enrolment" | "revocation";
  readonly store?: string;
}

/** First that it is asked, so that nothing happens untold; then what came of it. */
async function told<Of>(
  { storage, nowMs }: ManageDeps,
  { by, target, ...detail }: Told,
  ask: () => Promise<Outcome<Of>>,
): Promise<Outcome<Of>> {
  const tell = (step: string): Promise<void> =>
    storage.write([
      auditStatement({
        atMs: nowMs(),
        by,
        action: "tills.manage",
        target,
        detail: { ...detail, step },
      }),
    ]);
  await tell("asked");
  const outcome = await ask().catch((): Outcome<Of> => ({ is: "refused", words: AWAY }));
  await tell(outcome.is);
  return outcome;
}

function refusedBy(json: unknown): { is: "refused"; words: string } {
  const problem = problemSchema.safeParse(json);
  const reason = problem.success ? problem.data.reason : null;
  if (reason === "unknown_till")
    return { is: "refused", words: "The edge knows no till by this name." };
  if (reason === "invalid_field") {
    return { is: "refused", words: "The edge cannot use this name or this store." };
  }
  return { is: "refused", words: AWAY };
}
