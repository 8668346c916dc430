/** What a fragment says, as it stands in its row: read once, when an update changed it, and carried on from there. */
import { type Contribution, NOTHING_SINCE_4 } from "@regulars/shared/fragment/contribution";
import { parseOwn } from "../own-json.ts";

/**
 * Of the rules by which entries are read. To be raised with them: what others have read may lack what this build would see, and is
 * read anew from the whole fragment with its next update. stored-contribution.test.ts notices.
 */
export const READ_BY = 1;

export interface ReadContribution {
  readonly contribution: Contribution;
  /** By the rules of this build. */
  readonly isCurrent: boolean;
}

export const contributionText = ({ contribution, isCurrent }: ReadContribution): string =>
  JSON.stringify(isCurrent ? { by: READ_BY, ...contribution } : contribution);

export function parseContribution(text: string): ReadContribution {
  const { by, ...contribution } = parseOwn<Contribution & { readonly by?: number }>(text);
  // What an older build has stored says nothing of what came later.
  return { contribution: { ...NOTHING_SINCE_4, ...contribution }, isCurrent: by === READ_BY };
}
