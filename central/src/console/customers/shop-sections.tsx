/** @jsxImportSource hono/jsx */
// What shop, app and programs tell of a customer.
import { CardTable } from "../card-table.tsx";
import type { Activity } from "../../golden/golden.ts";
import { formatCount, formatCountOf, formatMoney, formatTime } from "../format.ts";
import { Time } from "../layout.tsx";
import type { Places } from "./lineage.ts";
import { Origin } from "./origin.tsx";
import { behaviourWords, channelWords, itemWords, orderWords, traitWords } from "./shop-words.ts";

interface Happened {
  readonly at: string;
  readonly event: string;
}

export function When({ of, places }: { of: Happened; places: Places }) {
  const ms = Date.parse(of.at);
  return <Time ms={ms}>{formatTime(ms, places.get(of.event)?.zone ?? null)}</Time>;
}

export function Where({ of }: { of: { store: string | null; channel?: string | undefined } }) {
  const words = channelWords(of.channel);
  // A shop that is called by its channel is not said twice.
  const channel = words === of.store ? null : words;
  return (
    <>
      {of.store ?? "–"}
      {channel === null ? null : <span class="quiet"> {channel}</span>}
    </>
  );
}

interface Props {
  readonly activity: Activity;
  readonly places: Places;
}

export function TraitsSection({ activity, places }: Props) {
  const traits = Object.entries(activity.traits);
  if (traits.length === 0) return null;
  return (
    <CardTable id="traits" title="Traits" columns={["Trait", "Value", "From"]}>
      {traits.map(([name, trait]) => (
        <tr>
          <th scope="row">{name}</th>
          <td class="value">{traitWords(trait.value)}</td>
          <td data-label="From">
            <Origin claim={trait} places={places} />
          </td>
        </tr>
      ))}
    </CardTable>
  );
}

export function LoyaltySection({ activity, places }: Props) {
  const programs = Object.entries(activity.loyalty);
  if (programs.length === 0) return null;
  return (
    <CardTable
      id="loyalty"
      title="Loyalty points"
      columns={["Program", { figures: "Points" }, { figures: "Ever earned" }, "From"]}
    >
      {programs.map(([program, points]) => (
        <tr>
          <th scope="row">{program}</th>
          <td class="number" data-label="Points">
            {formatCount(points.balancePoints)}
          </td>
          <td class="number" data-label="Ever earned">
            {points.lifetimePoints === undefined ? "–" : formatCount(points.lifetimePoints)}
          </td>
          <td data-label="From">
            <Origin claim={points} places={places} />
          </td>
        </tr>
      ))}
    </CardTable>
  );
}

const ORDER_DOTS: Readonly<Record<string, string>> = { placed: "waiting", cancelled: "bad" };

export function OrdersSection({ activity, places }: Props) {
  if (activity.orders.length === 0) return null;
  return (
    <CardTable
      id="orders"
      title="Orders"
      columns={["Order", "State", "Since", "Shop", { figures: "Amount" }]}
    >
      {activity.orders.map((order) => (
        <tr>
          <th scope="row">
            {order.number ?? order.order}
            <span class="quiet"> {formatCountOf(order.lines, "line")}</span>
          </th>
          <td data-label="State">
            <span class={`dot ${ORDER_DOTS[order.state] ?? "good"}`}>{orderWords(order)}</span>
          </td>
          <td class="quiet" data-label="Since">
            <When of={order} places={places} />
          </td>
          <td data-label="Shop">
            <Where of={order} />
          </td>
          <td class="number" data-label="Amount">
            {formatMoney(order.totalMinor, order.currency)}
          </td>
        </tr>
      ))}
    </CardTable>
  );
}

export function CartsSection({ activity, places }: Props) {
  if (activity.carts.length === 0) return null;
  return (
    <CardTable
      id="carts"
      title="In the cart"
      columns={["Items", "Since", "Shop", { figures: "Amount" }]}
    >
      {activity.carts.map((cart) => (
        <tr>
          <td class="items">
            {cart.items.map((item) => itemWords(item)).join(", ") || "Nothing"}
            {cart.lines > cart.items.length ? (
              <span class="quiet"> and {formatCount(cart.lines - cart.items.length)} more</span>
            ) : null}
            {cart.state === "abandoned" ? <span class="quiet"> · left behind</span> : null}
          </td>
          <td class="quiet" data-label="Since">
            <When of={cart} places={places} />
          </td>
          <td data-label="Shop">
            <Where of={cart} />
          </td>
          <td class="number" data-label="Amount">
            {cart.totalMinor === undefined || cart.currency === undefined
              ? "–"
              : formatMoney(cart.totalMinor, cart.currency)}
          </td>
        </tr>
      ))}
    </CardTable>
  );
}

export function BehavioursSection({ activity, places }: Props) {
  if (activity.behaviours.length === 0) return null;
  return (
    <CardTable
      id="behaviours"
      title="Lately in shop and app"
      columns={["What", "About", "When", "Where"]}
    >
      {activity.behaviours.map((behaviour) => (
        <tr>
          <th scope="row">{behaviourWords(behaviour)}</th>
          <td class="items">
            {behaviour.items.map((item) => itemWords(item)).join(", ")}
            {behaviour.page === undefined ? null : <span class="quiet"> {behaviour.page}</span>}
          </td>
          <td class="quiet" data-label="When">
            <When of={behaviour} places={places} />
          </td>
          <td data-label="Where">
            <Where of={behaviour} />
          </td>
        </tr>
      ))}
    </CardTable>
  );
}
