/** @jsxImportSource hono/jsx */
// The settings of one account: read at the edge, changed at the edge, and not over somebody else's change.
import { digestOfJson } from "../../policy/tries.ts";
import { sourceIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { type AccountView, type EdgeDesk, EdgeAway } from "../../desk/edge-desk.ts";
import { lastWorked } from "../../desk/jobs.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { formatTime } from "../format.ts";
import { AccountPage, editableOf } from "./account-page.tsx";
import { away, type IntakeRoutesDeps, limited, orAway } from "./answers.tsx";

const accountForm = z.object({
  version: z.string().max(64),
  settings: z.string().max(LIMITS.policyBytes),
});

/** An account of the edge has no number of its own: it is what it says. */
const versionOf = (account: AccountView): string => digestOfJson(editableOf(account));

export function accountRoutes(routes: Hono<ConsoleEnv>, deps: IntakeRoutesDeps): void {
  const { storage, desk, nowMs } = deps;
  const path = "/intake/accounts/:id";

  routes.get(path, permit("intake.read"), async (c) => {
    const account = await readAccount(desk, c.req.param("id"));
    if (!account) return away(c);
    const isSaved = c.req.query("saved") === "1";
    return c.html(<AccountPage page={pageOf(c)} account={account} version={versionOf(account)} text={null} words={[]} isSaved={isSaved} />); // prettier-ignore
  });

  routes.post(path, permit("tills.manage"), limited(3 * LIMITS.policyBytes), async (c) => {
    const { version, settings } = parseRequest(accountForm, await c.req.parseBody());
    const account = await readAccount(desk, c.req.param("id"));
    if (!account) return away(c);
    const target = `account/${account.id}`;
    const refuse = (words: readonly string[], status: 409 | 422) =>
      c.html(<AccountPage page={pageOf(c)} account={account} version={versionOf(account)} text={settings} words={words} isSaved={false} />, status); // prettier-ignore
    if (versionOf(account) !== version) {
      const last = await lastWorked(storage, "tills.manage", target);
      const who = last ? `${last.by} has changed this account on ${formatTime(last.atMs, null)} UTC` : "This account was changed meanwhile"; // prettier-ignore
      return refuse([`${who}. Above is how it stands now, below what you have entered: save again to put yours in its place.`], 409); // prettier-ignore
    }
    const wanted = settingsOf(settings);
    if (!wanted) return refuse(["This cannot be read as JSON."], 422);
    await storage.write([
      auditStatement({ atMs: nowMs(), by: c.get("person").id, action: "tills.manage", target }),
    ]);
    const words = await desk.putAccount(account.id, wanted).catch(orAway);
    if (words === null) return away(c);
    return words.length > 0 ? refuse(words, 422) : c.redirect(`/intake/accounts/${account.id}?saved=1`, 303); // prettier-ignore
  });
}

function settingsOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null; // said in words
  }
}

/** Null where the edge is away. */
async function readAccount(desk: EdgeDesk, name: string): Promise<AccountView | null> {
  const id = sourceIdSchema.safeParse(name);
  if (!id.success) throw new Refused("unknown_account");
  const account = await desk.account(id.data).catch((error: unknown) => {
    if (error instanceof EdgeAway) return "away" as const;
    throw error;
  });
  if (account === "away") return null;
  if (!account) throw new Refused("unknown_account");
  return account;
}
