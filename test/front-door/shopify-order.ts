/** Little of a Shopify order: what its money, its names and its customer are read from. */

export interface ShopifySays {
  readonly n: number;
  readonly email: string;
  /** In pounds, as Shopify writes them. */
  readonly price: string;
  readonly status?: "pending" | "paid";
  readonly updatedAt: string;
  readonly more?: object;
}

export const shopifyOrder = ({
  n,
  email,
  price,
  status = "paid",
  updatedAt,
  more = {},
}: ShopifySays) => ({
  id: 450_000_000 + n,
  name: `#${n}`,
  email,
  created_at: "2026-05-01T10:00:00+00:00",
  updated_at: updatedAt,
  currency: "GBP",
  financial_status: status,
  fulfillment_status: null,
  total_price: price,
  subtotal_price: price,
  total_tax: "0.00",
  total_discounts: "0.00",
  taxes_included: true,
  line_items: [{ id: 1, sku: "SHIRT", title: "Shirt", quantity: 1, price, total_discount: "0.00" }],
  shipping_lines: [],
  customer: { id: 207_000_000 + n, email, first_name: "Emma", last_name: "Ward" },
  ...more,
});

export const shopifyRefund = (n: number, refund: number, amount: string) => ({
  id: refund,
  order_id: 450_000_000 + n,
  created_at: "2026-05-04T10:00:00+00:00",
  processed_at: "2026-05-04T10:00:00+00:00",
  refund_line_items: [],
  transactions: [
    { id: refund + 1, kind: "refund", status: "success", amount, currency: "GBP", gateway: "card" },
  ],
});
