/** What the profile API answers. The edge's own schemas are checked against these types. */

export type FieldName =
  | "identity"
  | "contact"
  | "birth"
  | "consents"
  | "purchases"
  | "notes"
  | "traits"
  | "behaviour"
  | "loyalty"
  | "keys";

export interface Address {
  line1?: string | undefined;
  line2?: string | undefined;
  city?: string | undefined;
  region?: string | undefined;
  postalCode?: string | undefined;
  /** ISO 3166. */
  country?: string | undefined;
}

export type Channel = "till" | "web" | "app" | "desk" | "import";

export interface Item {
  sku: string;
  description?: string | undefined;
  quantity?: string | undefined;
  unitPrice?: string | undefined;
}

export interface Purchase {
  kind: "sale" | "return";
  event: string;
  /** When (UTC). */
  at: string;
  store: string | null;
  /** A till where nothing is said. */
  channel?: Channel | undefined;
  receipt: string;
  currency: string;
  totalMinor: number;
  /** How many lines the receipt has; `items` names the first of them. */
  lines: number;
  items: string[];
  voided?: boolean | undefined;
  order?: string | undefined;
  shop?: string | undefined;
}

interface Happened {
  event: string;
  at: string;
  store: string | null;
  channel: Channel;
}

export interface Order extends Happened {
  order: string;
  number?: string | undefined;
  state: "placed" | "paid" | "fulfilled" | "cancelled";
  currency: string;
  totalMinor: number;
  lines: number;
}

export interface Cart extends Happened {
  cart: string;
  state: "open" | "abandoned" | "ordered";
  items: Item[];
  lines: number;
  currency?: string | undefined;
  totalMinor?: number | undefined;
}

export interface Behaviour extends Happened {
  type: "track" | "page" | "screen" | "group";
  name: string;
  page?: string | undefined;
  items: Item[];
}

export interface Purchases {
  totals: Record<string, { sales: number; returns: number; minor: number }>;
  /** Newest first, and so the next two. */
  recent: Purchase[];
  orders: Order[];
  carts: Cart[];
}

export type ConsentState = "granted" | "withdrawn";
/** By `purpose/channel`. */
export type Consents = Record<string, { state: ConsentState; at: string }>;
export type Traits = Record<string, string | number | boolean>;

export interface Loyalty {
  number?: string | undefined;
  programs: Record<
    string,
    { balancePoints: number; lifetimePoints?: number | undefined; at: string }
  >;
}

export interface Profile {
  identity?:
    | {
        givenName?: string | undefined;
        familyName?: string | undefined;
        language?: string | undefined;
        country?: string | undefined;
      }
    | undefined;
  contact?:
    | { email?: string | undefined; phone?: string | undefined; address?: Address | undefined }
    | undefined;
  birth?: { birthDate?: string | undefined } | undefined;
  consents?: Consents | undefined;
  purchases?: Purchases | undefined;
  notes?: { event: string; at: string; text: string; staff?: string | undefined }[] | undefined;
  traits?: Traits | undefined;
  behaviour?: Behaviour[] | undefined;
  loyalty?: Loyalty | undefined;
  keys?: string[] | undefined;
}

export interface Freshness {
  /** Newest moment that the answer knows of. */
  asOf: string | null;
  /** Steps that it has still to take until head office has it. */
  pending: "golden"[];
}

export interface Origin {
  at: string;
  source: string;
  event?: string | undefined;
}

export interface FieldLineage extends Origin {
  rule?: string | undefined;
  losers?: (Origin & { value: unknown })[] | undefined;
  pinnedBy?: string | undefined;
}

interface Head {
  customer: string;
  /** The id asked for, where the customer lives on under another one. */
  redirectedFrom?: string | undefined;
  version: number;
  golden: number;
}

export interface Customer extends Head {
  freshness?: Freshness | undefined;
  profile: Profile;
  /** By group, then by field. */
  lineage?: Record<string, Record<string, FieldLineage>> | undefined;
}

type Part<Name extends string, Value> = Head & { freshness: Freshness } & Record<Name, Value>;
export type PurchasesAnswer = Part<"purchases", Purchases>;
export type LoyaltyAnswer = Part<"loyalty", Loyalty>;
export type ConsentsAnswer = Part<"consents", Consents>;
export type PreferencesAnswer = Part<
  "preferences",
  { language: string | null; traits?: Traits | undefined }
>;

/** What happened; by its `kind` it has more fields, of which the API reference tells. */
export interface TimelineEntry {
  kind:
    | "sale"
    | "return"
    | "void"
    | "note"
    | "consent"
    | "claim"
    | "behaviour"
    | "cart"
    | "order"
    | "loyalty";
  event: string;
  at: string;
}

export interface TimelinePage {
  customer: string;
  redirectedFrom?: string | undefined;
  version: number;
  entries: TimelineEntry[];
  next: string | null;
  /** False while what is older cannot be asked for. */
  complete: boolean;
}

export interface Claims {
  givenName?: string;
  familyName?: string;
  email?: string;
  phone?: string;
  birthDate?: string;
  address?: Address;
  country?: string;
  language?: string;
}

export interface Consent {
  purpose: "marketing" | "profiling" | "service" | "research";
  channel: "email" | "sms" | "phone" | "post" | "app" | "any";
  state: ConsentState;
  /** What the customer saw when they said so. */
  evidence?: { text?: string; version?: string };
}

export interface Accepted {
  item: string;
  accepted: true;
}

export type LiveEvent =
  | { event: "profile"; customer: Customer }
  /** The customer lives on under this id; the stream goes on there. */
  | { event: "redirect"; customer: string };
