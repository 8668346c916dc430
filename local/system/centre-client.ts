/** The centre's API as a reader sees it. */
import { z } from "zod";
import { request } from "./request.ts";

const totalsSchema = z.object({
  events: z.record(z.string(), z.int()),
  /** Minor units by currency, then by kind. */
  money: z.record(z.string(), z.record(z.string(), z.int())),
  customers: z.int(),
  sourceRecords: z.int(),
  forks: z.int(),
  quarantined: z.int(),
});
export type CentreTotals = z.infer<typeof totalsSchema>;

const eventsSchema = z.object({ events: z.array(z.object({ seq: z.int(), hash: z.string() })) });
export type CentreEvent = z.infer<typeof eventsSchema>["events"][number];

const feedSchema = z.object({
  feed: z.array(z.object({ n: z.int(), type: z.string(), customer: z.string() })),
  next: z.string(),
});
export type FeedPage = z.infer<typeof feedSchema>;

export interface EventsQuery {
  readonly source: string;
  readonly epoch: number;
  readonly after: number;
  readonly limit: number;
}

export interface CentreClient {
  /** With sources, events and money are those of these tills and accounts alone. */
  totals(sources?: readonly string[]): Promise<CentreTotals>;
  events(query: EventsQuery): Promise<CentreEvent[]>;
  /** From the beginning, or from where the page before says. */
  feed(after: string | null, limit: number): Promise<FeedPage>;
}

export function createCentreClient(url: string, token: string): CentreClient {
  const headers = { authorization: `Bearer ${token}` };
  return {
    totals: (sources = []) => {
      const query = sources.map((source) => `source=${source}`).join("&");
      const path = query === "" ? "totals" : `totals?${query}`;
      return request(`${url}/v1/${path}`, totalsSchema, { headers });
    },
    events: async ({ source, epoch, after, limit }) => {
      const query = `source=${source}&epoch=${epoch}&after=${after}&limit=${limit}`;
      return (await request(`${url}/v1/events?${query}`, eventsSchema, { headers })).events;
    },
    feed: async (after, limit) => {
      const from = after === null ? "" : `&after=${after}`;
      return request(`${url}/v1/feed?limit=${limit}${from}`, feedSchema, { headers });
    },
  };
}
