/** The centre's decisions, applied to directory, profiles and inboxes. Applied again, they change nothing. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Decision } from "@regulars/shared/protocol/publish";
import type { DirectoryPort } from "../directory/port.ts";
import type { MovesPort } from "../profile/port.ts";
import type { MarksPort } from "../stores.ts";

export interface DecisionDeps {
  readonly directory: Pick<DirectoryPort, "assign">;
  readonly profiles: MovesPort;
  readonly stores: MarksPort;
}

type Of<Kind extends Decision["kind"]> = Extract<Decision, { kind: Kind }>;

/** Moves first and in order: a golden version is news about the customer that the moves made. */
export async function applyDecisions(
  deps: DecisionDeps,
  decisions: readonly Decision[],
): Promise<void> {
  const goldens: Of<"golden">[] = [];
  const marks: Of<"mark">[] = [];
  for (const decision of decisions) {
    switch (decision.kind) {
      case "redirect":
        await moveCustomer(deps, decision.from, null, decision.to);
        break;
      case "assign":
        await moveCustomer(deps, decision.from, decision.key, decision.to);
        break;
      case "golden":
        goldens.push(decision);
        break;
      case "mark":
        marks.push(decision);
        break;
    }
  }
  await Promise.all(goldens.map((golden) => setGolden(deps, golden)));
  const byStore = Map.groupBy(marks, (mark) => mark.store);
  await Promise.all([...byStore].map(([store, ofStore]) => deps.stores.markGolden(store, ofStore)));
}

/**
 * Everything of a customer, or of one of its keys, to another customer. Between `leave` and `left` the old shard
 * answers `busy`, so no update can fall between the two; stopped anywhere, the decision comes again and goes on.
 */
async function moveCustomer(
  { profiles, directory }: DecisionDeps,
  from: CustomerId,
  key: IdentityKey | null,
  to: CustomerId,
): Promise<void> {
  if (from === to) return;
  const leaving = await profiles.leave(from, key, to);
  // Also with nothing to take along: an id that redirected until now stops doing so.
  await profiles.arrive(to, leaving);
  const keys = new Set(key === null ? leaving.keys : [key, ...leaving.keys]);
  await directory.assign([...keys].map((each) => ({ key: each, customer: to })));
  await profiles.left(from, key, to);
}

async function setGolden(
  { profiles }: DecisionDeps,
  { customer, version }: Of<"golden">,
): Promise<void> {
  let id: CustomerId | null = customer;
  for (let hop = 0; id !== null && hop < LIMITS.redirectHops; hop++) {
    id = await profiles.setGolden(id, version);
  }
}
