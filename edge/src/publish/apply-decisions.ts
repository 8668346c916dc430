/** The centre's decisions, applied to directory, profiles and inboxes. Applied again, they change nothing. */
import type { Decision } from "@regulars/shared/protocol/publish";
import type { DirectoryPort } from "../directory/port.ts";
import type { MovesPort } from "../profile/port.ts";
import type { MarksPort } from "../stores.ts";
import { moveCustomer, type MoveDeps, moveFragment, moveKey } from "./moves.ts";

export interface DecisionDeps {
  readonly directory: MoveDeps["directory"] & Pick<DirectoryPort, "setPolicy">;
  readonly profiles: MovesPort;
  readonly stores: MarksPort;
}

type Of<Kind extends Decision["kind"]> = Extract<Decision, { kind: Kind }>;

/** Moves and overrides first and in order: a golden version is news about the customer that they made. */
export async function applyDecisions(
  deps: DecisionDeps,
  decisions: readonly Decision[],
): Promise<void> {
  const goldens: Of<"golden">[] = [];
  const marks: Of<"mark">[] = [];
  for (const decision of decisions) {
    switch (decision.kind) {
      case "redirect":
        await moveCustomer(deps, decision.from, decision.to);
        break;
      case "assign":
        await assign(deps, decision);
        break;
      case "overrides":
        await deps.profiles.setOverrides(decision.customer, decision.overrides);
        break;
      case "policy":
        await setPolicy(deps, decision);
        break;
      case "golden":
        goldens.push(decision);
        break;
      case "mark":
        marks.push(decision);
        break;
    }
  }
  if (goldens.length > 0) await deps.profiles.setGolden(goldens);
  const byStore = Map.groupBy(marks, (mark) => mark.store);
  await Promise.all([...byStore].map(([store, ofStore]) => deps.stores.markGolden(store, ofStore)));
}

/** Of one fragment, where the decision names one. */
function assign(deps: DecisionDeps, { key, from, to, source, epoch }: Of<"assign">): Promise<void> {
  return source === undefined || epoch === undefined
    ? moveKey(deps, key, from, to)
    : moveFragment(deps, { source, epoch, key }, from, to);
}

async function setPolicy(
  { directory, profiles }: DecisionDeps,
  { policy }: Of<"policy">,
): Promise<void> {
  await directory.setPolicy(policy);
  await profiles.setPolicy(policy);
}
