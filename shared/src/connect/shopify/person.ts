/** Who a Shopify resource is about. */
import type { ConnectCapture } from "../captures.ts";
import { addressOf, type AddressNames, isOtherPerson } from "../read/address.ts";
import { defined, type Part } from "../read/part.ts";

type Customer = NonNullable<ConnectCapture["customer"]>;

const ADDRESS: AddressNames = {
  line1: "address1",
  line2: "address2",
  city: "city",
  region: "province",
  postalCode: "zip",
  country: "country_code",
};
const ADDRESS_OF_OLD: AddressNames = { ...ADDRESS, country: "country" };

const shopifyAddress = (part: Part | undefined) =>
  addressOf(part, part?.raw("country_code") === undefined ? ADDRESS_OF_OLD : ADDRESS);

/** The customer of a customer resource. */
export function customerOf(customer: Part): Customer {
  const address = customer.part("default_address") ?? customer.parts("addresses")[0];
  const isElsewhere = isOtherPerson(customer, address);
  return defined({
    userId: customer.id("id"),
    email: customer.scalar("email"),
    phone: customer.scalar("phone") ?? (isElsewhere ? undefined : address?.scalar("phone")),
    givenName: customer.scalar("first_name"),
    familyName: customer.scalar("last_name"),
    address: shopifyAddress(address),
    language: customer.scalar("locale"),
  });
}

/**
 * The customer of an order or a checkout: the shop's customer, and what was typed at this checkout where that says nothing;
 * guests are known by what they typed alone. Addresses of machines and names of programs are not read (SEC2).
 */
export function buyerOf(order: Part, anonymousIds: readonly string[]): Customer | undefined {
  const customer = order.part("customer");
  const known: Customer = customer
    ? customerOf(customer)
    : defined({ userId: order.id("customer_id") });
  const billing = order.part("billing_address");
  const sentTo = order.part("shipping_address");
  const shipping = isOtherPerson(billing ?? customer, sentTo) ? undefined : sentTo;
  const named = billing ?? shipping;
  const buyer = {
    ...defined({
      email: order.scalar("email") ?? order.scalar("contact_email"),
      phone: order.scalar("phone") ?? billing?.scalar("phone") ?? shipping?.scalar("phone"),
      givenName: named?.scalar("first_name"),
      familyName: named?.scalar("last_name"),
      language: order.scalar("customer_locale"),
    }),
    ...known,
    ...defined({ address: shopifyAddress(named) ?? known["address"] }),
    ...(anonymousIds.length === 0 ? {} : { anonymousIds }),
  };
  return Object.keys(buyer).length === 0 ? undefined : buyer;
}

/** A cart before it is an order: the same browser, for as long as nobody says more. */
export function anonymousOf(
  cartToken: string | undefined,
  checkoutToken: string | undefined,
): string[] {
  return [
    ...(cartToken === undefined ? [] : [`shopify-cart:${cartToken}`]),
    ...(checkoutToken === undefined ? [] : [`shopify-checkout:${checkoutToken}`]),
  ];
}
