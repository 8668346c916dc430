/** @jsxImportSource hono/jsx */
import { formatCount, formatTime } from "../format.ts";
import { Time } from "../layout.tsx";
import { keyWords } from "../words.ts";
import type { CustomerView } from "./customer.ts";

export function RecordsSection({ records }: { records: CustomerView["records"] }) {
  return (
    <section aria-labelledby="records">
      <h2 id="records">Source records</h2>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Store</th>
            <th scope="col">Customer by</th>
            <th scope="col" class="number">
              Up to event
            </th>
            <th scope="col">Received</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr>
              <th scope="row">
                {record.source}
                {record.epoch === 1 ? null : <span class="quiet"> epoch {record.epoch}</span>}
              </th>
              <td data-label="Store">{record.store ?? "–"}</td>
              <td data-label="Customer by">{keyWords(record.key)}</td>
              <td class="number" data-label="Up to event">
                {formatCount(record.seq)}
              </td>
              <td class="quiet" data-label="Received">
                <Time ms={record.receivedMs}>{formatTime(record.receivedMs, record.zone)}</Time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
