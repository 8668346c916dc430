/** Who a Stripe object is about. The fingerprint of a card is never read: a card is shared, and proves nobody. */
import type { ConnectCapture } from "../captures.ts";
import { addressOf, type AddressNames } from "../read/address.ts";
import { defined, type Part } from "../read/part.ts";

type Customer = NonNullable<ConnectCapture["customer"]>;

const ADDRESS: AddressNames = {
  line1: "line1",
  line2: "line2",
  city: "city",
  region: "state",
  postalCode: "postal_code",
  country: "country",
};

/** `details`: a customer, billing details, or what was typed at the checkout: all have the same fields. */
export function personOf(
  details: Part | undefined,
  userId: string | undefined,
  more: Customer = {},
): Customer | undefined {
  const person = {
    ...defined({
      userId,
      email: details?.scalar("email"),
      phone: details?.scalar("phone"),
      ...namesOf(details?.text("name")),
      address: addressOf(details?.part("address"), ADDRESS),
    }),
    ...more,
  };
  return Object.keys(person).length === 0 ? undefined : person;
}

/** One field for both names: the last word is the family's, as on a card. */
function namesOf(name: string | undefined) {
  const words = (name ?? "").split(/\s+/).filter((word) => word !== "");
  const familyName = words.length > 1 ? words.at(-1) : undefined;
  const given = words.length > 1 ? words.slice(0, -1).join(" ") : words[0];
  return { givenName: given, familyName };
}
