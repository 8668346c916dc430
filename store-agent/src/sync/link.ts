/** What the till last heard of its edge, and since when that is so. */
import type { EdgeFailure } from "./edge-port.ts";
import type { LinkState } from "./status.ts";

export interface Link {
  readonly edge: () => LinkState["edge"];
  readonly onLink: (online: boolean, failure: EdgeFailure | null) => void;
}

export interface LinkDeps {
  /** Whether there is an edge at all. */
  readonly hasEdge: boolean;
  readonly nowMs: () => number;
  readonly onLink: Link["onLink"];
}

export function createLink({ hasEdge, nowMs, onLink }: LinkDeps): Link {
  let heard: LinkState["edge"] = { state: hasEdge ? "unknown" : "none", since: null };
  return {
    edge: () => heard,
    onLink(online, failure) {
      const state = stateOf(failure);
      if (state !== heard.state) heard = { state, since: new Date(nowMs()).toISOString() };
      onLink(online, failure);
    },
  };
}

function stateOf(failure: EdgeFailure | null): LinkState["edge"]["state"] {
  if (failure === null) return "reachable";
  switch (failure.code) {
    case "overloaded":
      return "overloaded";
    case "unreachable":
      return "unreachable";
    case "not_enrolled":
    case "bad_code":
    case "revoked":
      return failure.code;
    default:
      return "refused";
  }
}
