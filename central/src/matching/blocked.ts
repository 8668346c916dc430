/** Values that are nobody's: what forms are filled with by those who do not want to say (IDN3). */
import type { Features } from "./features.ts";
import type { MatchingPolicy } from "./policy.ts";

/** Of normalised values, by the kind of key that they would make. */
export function createBlocked({
  blocked,
}: MatchingPolicy): (kind: string, value: string) => boolean {
  const patterns = new Map(
    Object.entries(blocked).map(([kind, texts]) => [
      kind,
      texts.map((text) => new RegExp(text, "u")),
    ]),
  );
  return (kind, value) => patterns.get(kind)?.some((pattern) => pattern.test(value)) ?? false;
}

/** What is nobody's is not compared either. */
export function withoutBlocked(
  features: Features,
  isBlocked: (kind: string, value: string) => boolean,
): Features {
  const email = isBlocked("email", features.email) ? "" : features.email;
  const phone = isBlocked("phone", features.phone) ? "" : features.phone;
  return email === features.email && phone === features.phone
    ? features
    : { ...features, email, phone };
}
