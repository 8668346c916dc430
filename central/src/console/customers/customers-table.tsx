/** @jsxImportSource hono/jsx */
import { stampToMs } from "@regulars/shared/clock";
import type { CustomerSummary } from "./customers.ts";
import { formatCount, formatMoney, formatTime } from "../format.ts";
import { Time } from "../layout.tsx";

export function CustomersTable({ customers }: { customers: readonly CustomerSummary[] }) {
  if (customers.length === 0) return <p class="empty">No customers yet.</p>;
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Customer</th>
          <th scope="col" class="number">
            Purchases
          </th>
          <th scope="col" class="number">
            Net sales
          </th>
          <th scope="col">Latest event</th>
          <th scope="col" class="number">
            Version
          </th>
        </tr>
      </thead>
      <tbody>
        {customers.map((customer) => (
          <CustomerRow customer={customer} />
        ))}
      </tbody>
    </table>
  );
}

function CustomerRow(props: { customer: CustomerSummary }) {
  const { customer, name, totals, asOf, zone, version, latest } = props.customer;
  const currencies = Object.entries(totals);
  const sales = currencies.reduce((sum, [, each]) => sum + each.sales, 0);
  const money = currencies.map(([currency, { minor }]) => formatMoney(minor, currency));
  const asOfMs = stampToMs(asOf);
  return (
    <tr>
      <th scope="row">
        <a href={`/customers/${customer}`}>{name ?? <span class="id">{customer}</span>}</a>
      </th>
      <td class="number" data-label="Purchases">
        {formatCount(sales)}
      </td>
      <td class="number" data-label="Net sales">
        {money.join(" + ") || "–"}
      </td>
      <td class="quiet" data-label="Latest event">
        <Time ms={asOfMs}>{formatTime(asOfMs, zone)}</Time>
        {latest?.store ? ` · ${latest.store}` : ""}
      </td>
      <td class="number quiet" data-label="Version">
        {formatCount(version)}
      </td>
    </tr>
  );
}
