/** What a fragment says, as it stands in its row: read when an update changed it, and carried on from there. */
import { type Contribution, NOTHING_SINCE_4 } from "@regulars/shared/fragment/contribution";
import { SECTIONS } from "@regulars/shared/fragment/entries";
import { parseOwn } from "../own-json.ts";

/**
 * Of the rules by which entries are read. To be raised with them: what others have read may lack what this build would see, and is
 * read anew from the whole fragment with its next update. stored-contribution.test.ts notices.
 */
export const READ_BY = 1;

export interface ReadContribution {
  readonly contribution: Contribution;
  /** By which rules; undefined where nobody says, or something of it is missing. */
  readonly readBy?: number | undefined;
}

export const contributionText = ({ contribution, readBy }: ReadContribution): string =>
  JSON.stringify(readBy === undefined ? contribution : { by: readBy, ...contribution });

export function parseContribution(text: string): ReadContribution {
  const { by, ...contribution } = parseOwn<Contribution & { readonly by?: number }>(text);
  return {
    // What an older build has stored says nothing of what came later.
    contribution: { ...NOTHING_SINCE_4, ...contribution },
    readBy: isComplete(contribution) ? by : undefined,
  };
}

/** A disk may have changed a name in it. */
const isComplete = (contribution: Partial<Contribution>): boolean =>
  SECTIONS.every((section) => typeof contribution[section] === "object") &&
  typeof contribution.first === "string" &&
  typeof contribution.last === "string";
