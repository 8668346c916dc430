/** @jsxImportSource hono/jsx */
import { stampToMs } from "@regulars/shared/clock";
import { CardTable } from "../card-table.tsx";
import type { Activity } from "../../golden/golden.ts";
import { formatCount, formatCountOf, formatMoney, formatTime } from "../format.ts";
import { Figure } from "../layout.tsx";
import type { Places } from "./lineage.ts";
import { Origin } from "./origin.tsx";
import { When, Where } from "./shop-sections.tsx";

export function ActivityFigures(props: { activity: Activity; zone: string | null }) {
  const { totals, asOf, recent } = props.activity;
  const currencies = Object.entries(totals);
  const sum = (of: "sales" | "returns"): number =>
    currencies.reduce((count, [, each]) => count + each[of], 0);
  return (
    <dl class="figures">
      <Figure label="Purchases" note={formatCountOf(sum("returns"), "return")}>
        {formatCount(sum("sales"))}
      </Figure>
      {currencies.map(([currency, { minor }]) => (
        <Figure label={`Net sales, ${currency}`} note="sales less returns">
          {formatMoney(minor, currency)}
        </Figure>
      ))}
      {asOf === null ? null : (
        <Figure label="Latest event" note={recent[0]?.store ?? ""}>
          {formatTime(stampToMs(asOf), props.zone)}
        </Figure>
      )}
    </dl>
  );
}

export function RecentSection(props: { recent: Activity["recent"]; places: Places }) {
  if (props.recent.length === 0) return null;
  return (
    <CardTable
      id="recent"
      title="Recent purchases"
      columns={["Receipt", "When", "Store", "Items", { figures: "Amount" }]}
    >
      {props.recent.map((sale) => {
        const more = sale.lines - sale.items.length;
        return (
          <tr>
            <th scope="row">
              {sale.receipt}
              {sale.order === undefined ? null : <span class="quiet"> order {sale.order}</span>}
            </th>
            <td class="quiet" data-label="When">
              <When of={sale} places={props.places} />
            </td>
            <td data-label="Store">
              <Where of={sale} />
            </td>
            <td class="items">
              {sale.items.join(", ")}
              {more > 0 ? <span class="quiet"> and {formatCount(more)} more</span> : null}
            </td>
            <td class="number" data-label="Amount">
              {sale.voided ? (
                <>
                  <s>{formatMoney(sale.totalMinor, sale.currency)}</s> voided
                </>
              ) : (
                formatMoney(sale.totalMinor, sale.currency)
              )}
            </td>
          </tr>
        );
      })}
    </CardTable>
  );
}

export function NotesSection(props: { notes: Activity["notes"]; places: Places }) {
  if (props.notes.length === 0) return null;
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">Notes</h2>
      <ul class="notes">
        {props.notes.map((note) => (
          <li>
            {note.text}
            <Origin claim={note} places={props.places} />
          </li>
        ))}
      </ul>
    </section>
  );
}
