/** E-mail normalisation: what two tills must agree on before they can agree on a customer. */
import { z } from "zod";

const emailSchema = z.email().max(254);

/**
 * Lower-cased, Unicode-normalised address, or null when it is not one. Dots and plus-tags stay: whether
 * `a.b+shop@…` is `ab@…` depends on the provider, and folding it wrongly merges strangers.
 */
export function normaliseEmail(raw: string): string | null {
  const folded = raw.normalize("NFKC").trim().toLowerCase();
  return emailSchema.safeParse(folded).success ? folded : null;
}
