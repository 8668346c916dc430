/** @jsxImportSource hono/jsx */
import type { VersionEntry } from "../../golden/history.ts";
import type { DecisionEntry } from "../../steward/list.ts";
import type { PotentialMatch } from "../../steward/potential-matches.ts";
import type { PageContext } from "../environment.ts";
import { formatCount, formatCountOf, formatTime } from "../format.ts";
import { Time } from "../layout.tsx";
import { decisionWords } from "../matches/decision-words.ts";
import { shortReasonWords } from "../matches/words.ts";
import { keyWords } from "../words.ts";
import { ActivityFigures, NotesSection, RecentSection } from "./activity-sections.tsx";
import type { CustomerView } from "./customer.ts";
import type { FieldDesk } from "./field-forms.tsx";
import { CustomerFrame } from "./frame.tsx";
import { ConsentsSection, FieldsSection } from "./golden-sections.tsx";
import type { Places } from "./lineage.ts";
import { RecordsSection } from "./records-section.tsx";
import { BehavioursSection, CartsSection, LoyaltySection, OrdersSection, TraitsSection } from "./shop-sections.tsx"; // prettier-ignore
import { type Granted, isMasked } from "./shown.ts";
import { VersionsSection } from "./versions-section.tsx";

export interface CustomerPageProps {
  readonly page: PageContext;
  readonly view: CustomerView;
  readonly places: Places;
  /** Of the store where the customer was seen last. */
  readonly zone: string | null;
  readonly granted: Granted;
  readonly desk: FieldDesk | null;
  /** Decisions that stand about the customer's records, newest first. */
  readonly decisions: readonly DecisionEntry[];
  /** Who may be the same person, with names. */
  readonly potential: readonly { readonly match: PotentialMatch; readonly other: string; readonly name: string | null }[]; // prettier-ignore
  /** One more than is shown, so that the last one can be compared with the one before it. */
  readonly versions: readonly VersionEntry[];
  readonly versionsShown: number;
}

export function CustomerPage(props: CustomerPageProps) {
  const { page, view, places, zone, granted, desk, decisions, potential } = props;
  const { golden, activity, customer, records } = view;
  const masked = isMasked(granted);
  return (
    <CustomerFrame page={page} view={view} zone={zone} at="record" isMasked={masked}>
      {masked ? null : (
        <p class="told" role="status">
          Contact data is shown on this page, this once. That you have seen it is in the audit.
        </p>
      )}
      <PotentialNotice customer={customer} potential={potential} />
      <ActivityFigures activity={activity} zone={zone} />
      <FieldsSection golden={golden} places={places} granted={granted} desk={desk} />
      <TraitsSection activity={activity} places={places} />
      <KnownBy view={view} />
      <ConsentsSection golden={golden} places={places} />
      <LoyaltySection activity={activity} places={places} />
      <RecentSection recent={activity.recent} places={places} />
      <OrdersSection activity={activity} places={places} />
      <CartsSection activity={activity} places={places} />
      <BehavioursSection activity={activity} places={places} />
      <NotesSection notes={activity.notes} places={places} />
      <DecisionsSection decisions={decisions} zone={zone} mayUndo={desk !== null} />
      <RecordsSection records={records} />
      <VersionsSection
        customer={customer}
        versions={props.versions}
        shown={props.versionsShown}
        zone={zone}
        granted={granted}
      />
    </CustomerFrame>
  );
}

function KnownBy({ view: { golden, records, redirects } }: { view: CustomerView }) {
  const kinds = Map.groupBy(golden.keys, (key) => keyWords(key));
  return (
    <section aria-labelledby="known">
      <h2 id="known">Known by</h2>
      <ul class="chips">
        {[...kinds].map(([words, keys]) => (
          <li title={keys.join(" ")}>
            {words}
            {keys.length > 1 ? ` × ${formatCount(keys.length)}` : ""}
          </li>
        ))}
      </ul>
      <p class="quiet">
        {formatCountOf(records.length, "source record")}
        {redirects.length === 0
          ? ""
          : `, ${formatCountOf(redirects.length, "earlier id")} that redirect here`}
      </p>
    </section>
  );
}

function PotentialNotice(props: { customer: string; potential: CustomerPageProps["potential"] }) {
  if (props.potential.length === 0) return null;
  return (
    <section class="perhaps" aria-labelledby="perhaps">
      <h2 id="perhaps">Perhaps the same person</h2>
      <ul>
        {props.potential.map(({ match, other, name }) => (
          <li>
            <a href={`/matches/${match.customers.join("/")}`}>
              {name ?? <span class="id">{other}</span>}
            </a>
            <span class="quiet">
              {" "}
              {match.reasons.map((each) => shortReasonWords(each)).join(", ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function DecisionsSection(props: {
  decisions: readonly DecisionEntry[];
  zone: string | null;
  mayUndo: boolean;
}) {
  const { decisions, zone, mayUndo } = props;
  if (decisions.length === 0) return null;
  return (
    <section aria-labelledby="decisions">
      <h2 id="decisions">Decisions that stand</h2>
      <ul class="notes">
        {decisions.map((decision) => (
          <li>
            {decisionWords(decision)}
            <span class="quiet"> by {decision.by}</span>
            {decision.note === null ? null : <span class="quiet">: {decision.note}</span>}
            {mayUndo ? (
              <a class="do" href={`/matches/decisions/${decision.id}`}>
                Undo…
              </a>
            ) : null}
            <span class="origin">
              <Time ms={decision.atMs}>{formatTime(decision.atMs, zone)}</Time>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
