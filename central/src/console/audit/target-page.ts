/** Where the page is of what an entry of the audit is about. */
import type { ConsoleAction } from "@regulars/shared/access/actions";
import { customerIdSchema } from "@regulars/shared/ids";

interface Page {
  /** Of the targets that have such a page; its first group is the id. */
  readonly of: RegExp;
  readonly action: ConsoleAction;
  readonly at: string;
}

/** Targets as their writers name them (`auditStatement`). */
const PAGES: readonly Page[] = [
  { of: /^exception\/(\d+)$/, action: "exceptions.read", at: "/exceptions/" },
  { of: /^settlement\/(\d+)$/, action: "settlement.read", at: "/settlement/files/" },
  { of: /^item\/([^/]+\/\d+)$/, action: "intake.read", at: "/intake/edge/items/" },
  { of: /^(event\/[^/]+\/\d+\/\d+|letter\/\d+)$/, action: "intake.read", at: "/intake/here/" },
];

/** Null where it has none, or none that the person may see. */
export function hrefOfTarget(
  action: string,
  target: string,
  may: (action: ConsoleAction) => boolean,
): string | null {
  const id = encodeURIComponent(target);
  if (action === "people.manage" || action.startsWith("sign_")) {
    return may("people.manage") ? `/people/${id}` : null;
  }
  if (action === "matches.decide") return may("matches.read") ? `/matches/decisions/${id}` : null;
  if (customerIdSchema.safeParse(target).success) {
    return may("customers.read") ? `/customers/${id}` : null;
  }
  for (const page of PAGES) {
    const [, named] = page.of.exec(target) ?? [];
    if (named !== undefined) {
      return may(page.action) ? page.at + named.split("/").map(encodeURIComponent).join("/") : null;
    }
  }
  return null;
}
