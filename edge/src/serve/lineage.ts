/** Where the values of a view are from, for those who may know it (GLD1): group by group, as the view is. */
import type { ClaimField } from "@regulars/shared/events/claim";
import { consentTimeOf } from "@regulars/shared/fragment/contribution";
import { parseFragmentId } from "@regulars/shared/ids";
import type { Profile } from "@regulars/shared/survivorship/profile";
import type { FieldGroup } from "@regulars/shared/access/actions";
import { groupOfField } from "@regulars/shared/access/field-groups";
import { timeOf } from "./view.ts";
import type { Lineage } from "./view-schema.ts";

/** Only of groups whose values are shown as well: what has lost is a value like any other. */
export function lineageOf(profile: Profile, groups: ReadonlySet<FieldGroup>): Lineage {
  const lineage: Lineage = {};
  for (const [name, survivor] of Object.entries(profile.fields)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fields of a profile are these
    const group = groupOfField(name as ClaimField);
    if (!groups.has(group) || !survivor) continue;
    (lineage[group] ??= {})[name] = {
      ...saidAt(survivor),
      rule: survivor.rule,
      losers: survivor.losers.map((said) => ({ value: said.value, ...saidAt(said) })),
      pinnedBy: survivor.pinned?.by,
    };
  }
  if (groups.has("consents")) lineage["consents"] = consentOriginsOf(profile);
  if (groups.has("traits")) lineage["traits"] = originsOf(profile.traits);
  if (groups.has("loyalty")) Object.assign((lineage["loyalty"] ??= {}), originsOf(profile.loyalty));
  return lineage;
}

interface Origin {
  readonly stamp: string;
  readonly fragment: string;
  readonly event?: string;
}

const originsOf = (named: Readonly<Record<string, Origin>>): Lineage[string] =>
  Object.fromEntries(Object.entries(named).map(([name, origin]) => [name, saidAt(origin)]));

const consentOriginsOf = ({ consents }: Profile): Lineage[string] =>
  Object.fromEntries(
    Object.entries(consents).map(([name, consent]) => [
      name,
      { ...saidAt(consent), at: consentTimeOf(consent) },
    ]),
  );

const saidAt = ({ stamp, fragment, event }: Origin) => ({
  at: timeOf(stamp),
  source: parseFragmentId(fragment).source,
  event,
});
