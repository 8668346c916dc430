/** Deliberate bugs of drawers and days. */
import type { Mutation } from "./mutation.ts";

export const DRAWER_MUTATIONS: readonly Mutation[] = [
  {
    name: "a late sale goes into the drawer that is open",
    file: "shared/src/capture/draft-events.ts",
    find: "if (open && open.businessDay === draft.businessDay)",
    replace: "if (open)",
    fromSeed: 47,
  },
  {
    name: "what a shift comes to is not written with its rows",
    file: "store-agent/src/capture/commit-group.ts",
    find: "[...openStatements(before.drawer, drawer), writerStatement(writer)]",
    replace: "[writerStatement(writer)]",
  },
  {
    name: "a till that came back from a backup closes the shift that it had then",
    file: "store-agent/src/journal/open-writer.ts",
    find: "      LEAVE_SHIFT,\n      ...numbersStatements(mark),",
    replace: "      ...numbersStatements(mark),",
    // Takes a backup from before a Z report that was sent, and one more after it: one plan in sixteen hundred.
    fromSeed: 1_596,
  },
];
