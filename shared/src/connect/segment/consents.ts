/** What a consent banner's categories mean as our purposes. The table is quoted in docs/connectors.md. */
import type { Consent } from "../../events/consent.ts";
import { isObject } from "../read/json.ts";

type Purpose = Consent["purpose"];

/** Words that banners use, and the numbers of the most common one. Whatever is not here says nothing. */
const PURPOSES: ReadonlyMap<string, Purpose> = new Map<string, Purpose>([
  ["advertising", "marketing"],
  ["marketing", "marketing"],
  ["targeting", "marketing"],
  ["c0004", "marketing"],
  ["socialmedia", "marketing"],
  ["c0005", "marketing"],
  ["analytics", "profiling"],
  ["performance", "profiling"],
  ["statistics", "profiling"],
  ["personalization", "profiling"],
  ["personalisation", "profiling"],
  ["c0002", "profiling"],
  ["functional", "service"],
  ["preferences", "service"],
  ["c0003", "service"],
  ["research", "research"],
]);

/** Of two categories with one purpose, the withdrawal counts (CON1). */
export function consentsOf(context: Readonly<Record<string, unknown>>): Consent[] {
  const consent = context["consent"];
  const categories = isObject(consent) ? consent["categoryPreferences"] : undefined;
  if (!isObject(categories)) return [];
  const states = new Map<Purpose, Consent["state"]>();
  for (const [category, isGranted] of Object.entries(categories)) {
    const purpose = PURPOSES.get(category.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
    if (purpose === undefined || typeof isGranted !== "boolean") continue;
    if (states.get(purpose) !== "withdrawn") {
      states.set(purpose, isGranted ? "granted" : "withdrawn");
    }
  }
  return [...states].map(([purpose, state]) => ({
    purpose,
    channel: "any",
    state,
    evidence: { text: "Consent banner of web shop or app" },
  }));
}
