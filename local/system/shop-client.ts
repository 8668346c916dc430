/** The edge as a web shop, an app and whoever watches them see it. */
import { z } from "zod";
import { Refused, request, Unavailable } from "./request.ts";

export type ShopMessage = Readonly<Record<string, unknown>>;

const healthSchema = z.object({
  accounts: z.array(
    z.object({
      account: z.string(),
      waiting: z.int(),
      failed: z.int(),
      notGolden: z.int(),
      stopped: z.string().nullable(),
    }),
  ),
});
export type AccountHealth = z.infer<typeof healthSchema>["accounts"][number];

const customerSchema = z.object({ customer: z.string() });

export interface ShopClient {
  /** As Segment's clients send: the same message again has no second effect. */
  send(messages: readonly ShopMessage[]): Promise<void>;
  /** What a customer agrees to in the app; the same id again has no second effect. */
  consent(userId: string, id: string, consent: object): Promise<void>;
  health(): Promise<AccountHealth[]>;
}

export interface ShopKeys {
  readonly segment: string;
  readonly app: string;
  /** The centre's token. */
  readonly watch: string;
}

const headersOf = (key: string) => ({ authorization: `Bearer ${key}` });

export function createShopClient(url: string, keys: ShopKeys): ShopClient {
  const app = headersOf(keys.app);
  const customers = `${url}/v1/customers`;
  return {
    async send(batch) {
      await request(`${url}/v1/batch`, z.unknown(), {
        headers: headersOf(keys.segment),
        body: { batch },
      });
    },
    async consent(userId, id, consent) {
      const { customer } = await request(`${customers}/lookup`, customerSchema, {
        headers: app,
        body: { userId },
      }).catch((error: unknown) => {
        // What made them known a moment ago may not be merged yet.
        if (error instanceof Refused && / 404\b/.test(error.message)) {
          throw new Unavailable("the edge does not know a customer yet", { cause: error });
        }
        throw error;
      });
      const said = { id, ...consent };
      await request(`${customers}/${customer}/consents`, z.unknown(), { headers: app, body: said });
    },
    health: async () => {
      const headers = headersOf(keys.watch);
      return (await request(`${url}/v1/intake/health`, healthSchema, { headers })).accounts;
    },
  };
}
