/** Deliberate bugs, each of which the simulator has to find: the check of the checker. */
import type { Mutation } from "./mutation.ts";
import { CENTRE_MUTATIONS } from "./mutations-centre.ts";
import { DRAWER_MUTATIONS } from "./mutations-drawers.ts";
import { EDGE_MUTATIONS } from "./mutations-edge.ts";
import { TILL_MUTATIONS } from "./mutations-till.ts";

export const MUTATIONS: readonly Mutation[] = [
  ...TILL_MUTATIONS,
  ...DRAWER_MUTATIONS,
  ...EDGE_MUTATIONS,
  ...CENTRE_MUTATIONS,
];
