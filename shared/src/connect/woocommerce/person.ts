/** Who a WooCommerce resource is about. */
import type { ConnectCapture } from "../captures.ts";
import { addressOf, type AddressNames, isOtherPerson } from "../read/address.ts";
import { defined, type Part } from "../read/part.ts";

type Customer = NonNullable<ConnectCapture["customer"]>;

const ADDRESS: AddressNames = {
  line1: "address_1",
  line2: "address_2",
  city: "city",
  region: "state",
  postalCode: "postcode",
  country: "country",
};

/** Customer 0 is a guest. Addresses of machines and names of programs are not read (SEC2). */
export function buyerOf(order: Part): Customer | undefined {
  const billing = order.part("billing");
  const sentTo = order.part("shipping");
  const shipping = isOtherPerson(billing, sentTo) ? undefined : sentTo;
  const id = order.id("customer_id");
  const buyer: Customer = defined({
    userId: id === "0" ? undefined : id,
    email: billing?.scalar("email"),
    phone: billing?.scalar("phone") ?? shipping?.scalar("phone"),
    givenName: billing?.scalar("first_name") ?? shipping?.scalar("first_name"),
    familyName: billing?.scalar("last_name") ?? shipping?.scalar("last_name"),
    address: addressOf(billing, ADDRESS) ?? addressOf(shipping, ADDRESS),
  });
  return Object.keys(buyer).length === 0 ? undefined : buyer;
}

export function customerOf(customer: Part): Customer {
  const billing = customer.part("billing");
  return defined({
    userId: customer.id("id"),
    email: customer.scalar("email") ?? billing?.scalar("email"),
    phone: billing?.scalar("phone"),
    givenName: customer.scalar("first_name") ?? billing?.scalar("first_name"),
    familyName: customer.scalar("last_name") ?? billing?.scalar("last_name"),
    address: addressOf(billing, ADDRESS) ?? addressOf(customer.part("shipping"), ADDRESS),
  });
}
