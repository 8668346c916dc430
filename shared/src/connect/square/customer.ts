/** Customers of Square's directory, and who an order is for. */
import type { Consent } from "../../events/consent.ts";
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { addressOf } from "../read/address.ts";
import { defined, type Part } from "../read/part.ts";
import { splitName } from "../whole-name.ts";
import type { Told } from "./told.ts";

type Customer = NonNullable<ConnectCapture["customer"]>;

const ADDRESS = {
  line1: "address_line_1",
  line2: "address_line_2",
  city: "locality",
  region: "administrative_district_level_1",
  postalCode: "postal_code",
  country: "country",
} as const;

export function claimOf(customer: Part, told: Told): ConnectCapture[] {
  const id = customer.need(customer.id("id"), "id");
  if (id === undefined) return [];
  const updatedAt = customer.utcInstant("updated_at") ?? customer.utcInstant("created_at");
  const revision = customer.int("version") ?? updatedAt ?? told.at;
  return [
    {
      kind: "claim",
      key: `customer:${id}@${revision}`,
      at: updatedAt ?? told.at,
      customer: personOf(customer, id),
      consents: consentsOf(customer),
    },
  ];
}

function personOf(customer: Part, id: string): Customer {
  const traits = defined({
    company: customer.text("company_name", LIMITS.fieldChars),
    nickname: customer.text("nickname", LIMITS.fieldChars),
    reference: customer.text("reference_id", LIMITS.fieldChars),
  });
  return defined({
    userId: id,
    email: customer.scalar("email_address"),
    phone: customer.scalar("phone_number"),
    givenName: customer.scalar("given_name"),
    familyName: customer.scalar("family_name"),
    birthDate: birthdayOf(customer),
    address: addressOf(customer.part("address"), ADDRESS),
    traits: Object.keys(traits).length === 0 ? undefined : traits,
  });
}

/** Without a year, which Square writes as the year 0000, it is no birth date. */
function birthdayOf(customer: Part): string | number | undefined {
  const birthday = customer.scalar("birthday");
  return String(birthday).startsWith("0000") ? undefined : birthday;
}

/** Who has not unsubscribed has not said yes by that: `false` is what Square sets when nobody was asked (CON1). */
function consentsOf(customer: Part): Consent[] {
  if (customer.part("preferences")?.raw("email_unsubscribed") !== true) return [];
  const evidence = { text: "Square: preferences.email_unsubscribed" };
  return [{ purpose: "marketing", channel: "email", state: "withdrawn", evidence }];
}

/**
 * The order's own customer, that of a payment, or who gets it: in this order, for they can be three persons. How to reach the
 * recipient counts only where nobody else is named, or where the recipient is that person.
 */
export function customerOfOrder(order: Part): Customer | null {
  const tenders = order.parts("tenders", LIMITS.tenders);
  const recipients = order.parts("fulfillments").flatMap((each) => recipientOf(each) ?? []);
  const userId =
    order.scalar("customer_id") ??
    firstOf(tenders, "customer_id") ??
    firstOf(recipients, "customer_id");
  const recipient = recipients.find((each) => each.scalar("customer_id") === userId);
  const reached = recipient === undefined ? {} : contactOf(recipient);
  const customer = defined({ userId, ...reached });
  return Object.keys(customer).length === 0 ? null : customer;
}

const DETAILS = ["pickup_details", "shipment_details", "delivery_details"] as const;

function recipientOf(fulfillment: Part): Part | undefined {
  for (const name of DETAILS) {
    const recipient = fulfillment.part(name)?.part("recipient");
    if (recipient !== undefined) return recipient;
  }
  return undefined;
}

function contactOf(recipient: Part) {
  const name = recipient.text("display_name", LIMITS.fieldChars);
  return {
    email: recipient.scalar("email_address"),
    phone: recipient.scalar("phone_number"),
    address: addressOf(recipient.part("address"), ADDRESS),
    ...(name === undefined ? {} : splitName(name)),
  };
}

function firstOf(parts: readonly Part[], name: string): string | number | undefined {
  return parts.map((part) => part.scalar(name)).find((value) => value !== undefined);
}
