/** The profile API as functions. Every one rejects with a RegularsError, whose `reason` is one of a closed list. */
import { type ClientOptions, createHttp } from "./http.ts";
import { liveEvents, type LiveOptions } from "./live.ts";
import type {
  Accepted,
  Claims,
  Consent,
  ConsentsAnswer,
  Customer,
  FieldName,
  LiveEvent,
  LoyaltyAnswer,
  PreferencesAnswer,
  PurchasesAnswer,
  TimelineEntry,
  TimelinePage,
  Traits,
} from "./types.ts";

export interface Lookup {
  readonly email?: string;
  readonly phone?: string;
  readonly loyaltyNumber?: string;
  readonly userId?: string;
}

export interface Wish {
  readonly fields?: readonly FieldName[];
  readonly lineage?: boolean;
}

export interface Said {
  /** The same again has no second effect; one is made up where none is given. */
  readonly idempotencyKey?: string;
}

/** Profiles that are asked about before they are sent again. */
const REMEMBERED = 50;

/** `customer` is an id, or `me`. */
const pathOf = (customer: string, part = ""): string =>
  `v1/customers/${encodeURIComponent(customer)}${part}`;

// oxlint-disable-next-line max-lines-per-function -- a table of functions
export function createClient(options: ClientOptions) {
  const http = createHttp(options);
  const remembered = new Map<string, { readonly etag: string; readonly json: unknown }>();

  async function read<Answer>(path: string): Promise<Answer> {
    const known = remembered.get(path);
    const headers = known ? { "if-none-match": known.etag } : {};
    const response = await http.call({ path, headers });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge answers there
    if (response.status === 304 && known) return known.json as Answer;
    const json: unknown = await response.json();
    remember(path, response.headers.get("etag"), json);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge answers there
    return json as Answer;
  }

  function remember(path: string, etag: string | null, json: unknown): void {
    remembered.delete(path);
    if (etag === null) return;
    remembered.set(path, { etag, json });
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  }

  async function say(path: string, body: object, { idempotencyKey }: Said): Promise<Accepted> {
    const key = idempotencyKey ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const headers = { "idempotency-key": key };
    const response = await http.call({ method: "POST", path, body, headers });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge answers there
    return (await response.json()) as Accepted;
  }

  async function timelinePage(
    customer: string,
    cursor: string | null,
    limit: number,
  ): Promise<TimelinePage> {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(cursor === null ? {} : { cursor }),
    });
    const response = await http.call({ path: pathOf(customer, `/timeline?${query.toString()}`) });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge answers there
    return (await response.json()) as TimelinePage;
  }

  return {
    /** Null where nobody is known by it. */
    async lookup(given: Lookup, wish: Wish = {}): Promise<Customer | null> {
      const body = { ...given, ...wish };
      try {
        const response = await http.call({ method: "POST", path: "v1/customers/lookup", body });
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the edge answers there
        return (await response.json()) as Customer;
      } catch (error) {
        if (error instanceof Error && "reason" in error && error.reason === "unknown_customer") {
          return null;
        }
        throw error;
      }
    },
    /** What has not changed since it was read last is not sent again. */
    read(customer: string, { fields, lineage }: Wish = {}): Promise<Customer> {
      const query = new URLSearchParams({
        ...(fields ? { fields: fields.join(",") } : {}),
        ...(lineage === undefined ? {} : { lineage: String(lineage) }),
      }).toString();
      return read(pathOf(customer, query === "" ? "" : `?${query}`));
    },
    timelinePage: (customer: string, cursor: string | null = null, limit = 20) =>
      timelinePage(customer, cursor, limit),
    /** Newest first, page after page, for as long as it is read on. */
    async *timeline(customer: string, { limit = 20 } = {}): AsyncGenerator<TimelineEntry> {
      let cursor: string | null = null;
      do {
        const page: TimelinePage = await timelinePage(customer, cursor, limit);
        yield* page.entries;
        cursor = page.next;
      } while (cursor !== null);
    },
    purchases: (customer: string) => read<PurchasesAnswer>(pathOf(customer, "/purchases")),
    loyalty: (customer: string) => read<LoyaltyAnswer>(pathOf(customer, "/loyalty")),
    preferences: (customer: string) => read<PreferencesAnswer>(pathOf(customer, "/preferences")),
    consents: (customer: string) => read<ConsentsAnswer>(pathOf(customer, "/consents")),
    claim: (customer: string, said: { claims?: Claims; traits?: Traits }, how: Said = {}) =>
      say(pathOf(customer, "/claims"), said, how),
    consent: (customer: string, consent: Consent, how: Said = {}) =>
      say(pathOf(customer, "/consents"), consent, how),
    live: (customer: string, how: LiveOptions = {}): AsyncGenerator<LiveEvent> =>
      liveEvents(http, options, customer, how),
  };
}
export type Client = ReturnType<typeof createClient>;
