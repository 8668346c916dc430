/** What a capture says of its customer beside what happened: claims and consents that its account has not said yet. */
import type { Draft } from "@regulars/shared/capture/draft";
import { type Envelope, saidDraft } from "@regulars/shared/capture/said-draft";
import type { CustomerPart } from "@regulars/shared/capture/read-customer";
import { canonicalJson } from "@regulars/shared/digest";
import { CLAIM_FIELDS, type Claims } from "@regulars/shared/events/claim";
import type { Consent } from "@regulars/shared/events/consent";
import { type Saying, traitName } from "./fragments.ts";
import { doubtfulFlags } from "./prepared.ts";

export interface IdentityAsk {
  readonly customer: CustomerPart;
  readonly envelope: Envelope;
  /** What the account's own fragment of the strongest key says already; null while nothing. */
  readonly own: Saying | null;
  /** Said again is newer, and somebody has said it: all of it, not only what is new. */
  readonly isWhole?: boolean;
  readonly isVerified?: boolean;
  /** The customer says it, and nobody has checked it. */
  readonly isOwn?: boolean;
  /** Nothing else of this capture is recorded, so keys that were not seen together before are told by a claim. */
  readonly isAlone?: boolean;
}

export function identityDrafts(ask: IdentityAsk): Draft[] {
  const { customer, envelope, own, isAlone = false, isVerified = false, isOwn = false } = ask;
  const claims = claimsToTell(ask);
  const traits = traitsToTell(ask);
  const doubtful = doubtfulFlags(customer);
  const hasNews = Object.keys(claims).length > 0 || Object.keys(traits).length > 0;
  const hasNewKeys = isAlone && customer.keys.some((key) => own?.said.keys[key] === undefined);
  const drafts: Draft[] = [];
  if (hasNews || hasNewKeys || doubtful.length > 0) {
    const repaired = customer.repaired.filter((field) => field in claims);
    drafts.push({
      ...envelope,
      flags: doubtful,
      kind: "claim",
      body: {
        claims,
        ...(Object.keys(traits).length === 0 ? {} : { traits }),
        ...(doubtful.length === 0 ? {} : { doubtful: { ...customer.doubtful } }),
        ...(repaired.length === 0 ? {} : { repaired }),
        ...(isVerified ? { verified: true as const } : {}),
        ...(isOwn ? { own: true as const } : {}),
      },
    });
  }
  for (const consent of customer.consents) {
    if (isNewConsent(consent, ask)) {
      drafts.push(saidDraft({ kind: "consent", ...consent }, { ...envelope, flags: [] }));
    }
  }
  return drafts;
}

/** What was true earlier and comes later replaces nothing: deliveries overtake each other. */
function isOvertaken({ own, envelope }: IdentityAsk, what: string): boolean {
  const toldMs = own?.told[what];
  return toldMs !== undefined && toldMs > Date.parse(envelope.at);
}

function claimsToTell(ask: IdentityAsk): Claims {
  const fresh: Claims = {};
  for (const field of CLAIM_FIELDS) {
    const value = ask.customer.claims[field];
    if (value === undefined || isOvertaken(ask, field)) continue;
    const known = ask.own?.said.claims[field]?.value;
    const isSame = known !== undefined && canonicalJson(known) === canonicalJson(value);
    if (!isSame || ask.isWhole === true) Object.assign(fresh, { [field]: value });
  }
  return fresh;
}

function traitsToTell(ask: IdentityAsk): CustomerPart["traits"] {
  const known = ask.own?.said.traits ?? {};
  return Object.fromEntries(
    Object.entries(ask.customer.traits).filter(([name, value]) => {
      if (isOvertaken(ask, traitName(name))) return false;
      return known[name]?.value !== value || ask.isWhole === true;
    }),
  );
}

/** Of words at the same time, the withdrawal (CON1). */
export function isNewConsent({ purpose, channel, state }: Consent, ask: IdentityAsk): boolean {
  const name = `${purpose}/${channel}`;
  if (isOvertaken(ask, name)) return false;
  const isSameTime = ask.own?.told[name] === Date.parse(ask.envelope.at);
  const known = ask.own?.said.consents[name]?.state;
  return !(isSameTime && known === "withdrawn" && state === "granted");
}
