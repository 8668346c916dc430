/** The edge, as it is compared with: in another process, or in a test's memory. */
import type {
  CompareJournal,
  CompareJournalAnswer,
  CompareProfiles,
  CompareProfilesAnswer,
  Mend,
  MendAnswer,
} from "@regulars/shared/compare/messages";

/** Each throws where the edge cannot be reached or refuses. */
export interface CompareEdge {
  profiles(ask: CompareProfiles): Promise<CompareProfilesAnswer>;
  mend(mend: Mend): Promise<MendAnswer>;
  journal(ask: CompareJournal): Promise<CompareJournalAnswer>;
}
