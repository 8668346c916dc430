/** @jsxImportSource hono/jsx */
import { ActivityFigures, NotesSection, RecentSection } from "./activity-sections.tsx";
import type { CustomerView } from "./customer.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatTime } from "../format.ts";
import { ConsentsSection, FieldsSection } from "./golden-sections.tsx";
import { Layout, Time } from "../layout.tsx";
import type { VersionEntry } from "../../golden/history.ts";
import type { Places } from "./lineage.ts";
import {
  BehavioursSection,
  CartsSection,
  LoyaltySection,
  OrdersSection,
  TraitsSection,
} from "./shop-sections.tsx";
import { VersionsSection } from "./versions-section.tsx";
import { keyWords, nameOf } from "../words.ts";

export interface CustomerPageProps {
  readonly page: PageContext;
  readonly view: CustomerView;
  readonly places: Places;
  /** Of the store where the customer was seen last. */
  readonly zone: string | null;
  /** One more than is shown, so that the last one can be compared with the one before it. */
  readonly versions: readonly VersionEntry[];
  readonly versionsShown: number;
}

export function CustomerPage(props: CustomerPageProps) {
  const { page, view, places, zone, versions, versionsShown } = props;
  const { golden, activity, customer, version, updatedMs, records } = view;
  const name = nameOf(golden.fields);
  return (
    <Layout page={page} title={name ?? "Customer"}>
      <p class="crumbs">
        <a href="/">Stores</a>
      </p>
      <h1>{name ?? "Customer without a name"}</h1>
      <p class="subtitle">
        <span class="id">{customer}</span>
        {" · "}version {formatCount(version)}
        {" · "}
        <Time ms={updatedMs}>{formatTime(updatedMs, zone)}</Time>
      </p>
      <ActivityFigures activity={activity} zone={zone} />
      <FieldsSection golden={golden} places={places} />
      <TraitsSection activity={activity} places={places} />
      <section aria-labelledby="known">
        <h2 id="known">Known by</h2>
        <ul class="chips">
          {golden.keys.map((key) => (
            <li title={key}>{keyWords(key)}</li>
          ))}
        </ul>
        <p class="quiet">
          {formatCountOf(records.length, "source record")}
          {view.redirects.length === 0
            ? ""
            : `, ${formatCountOf(view.redirects.length, "earlier id")} that redirect here`}
        </p>
      </section>
      <ConsentsSection golden={golden} places={places} />
      <LoyaltySection activity={activity} places={places} />
      <RecentSection recent={activity.recent} places={places} />
      <OrdersSection activity={activity} places={places} />
      <CartsSection activity={activity} places={places} />
      <BehavioursSection activity={activity} places={places} />
      <NotesSection notes={activity.notes} places={places} />
      <RecordsSection records={records} />
      <VersionsSection customer={customer} versions={versions} shown={versionsShown} zone={zone} />
    </Layout>
  );
}

function RecordsSection({ records }: { records: CustomerView["records"] }) {
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
