/** The customers that are read, made through the edge's own doors. */
import { z } from "zod";
import { linesOf, SALES } from "./captures.ts";

const found = z.object({ customer: z.string() });

/** Customers with a card, a few purchases and what they told. */
export async function makeCustomers(port: number, token: string, count: number): Promise<string[]> {
  const account = {
    kind: "file", shop: "shop-1", realm: "shop", channel: "import", zone: "Europe/London",
    country: "GB", currency: "GBP", trust: 5, rules: {}, retry: { attempts: 5, firstMs: 1_000 },
  }; // prettier-ignore
  await call(port, "PUT", "/v1/accounts/bench", token, account);
  const scopes = ["events"];
  const made = await call(port, "POST", "/v1/accounts/bench/keys", token, { scopes });
  const { key } = z.object({ key: z.string() }).parse(made);
  const lines = Array.from({ length: count }, (_, at) => linesOf(at)).flat();
  for (let at = 0; at < lines.length; at += 200) {
    await call(port, "POST", "/v1/import/ndjson", key, lines.slice(at, at + 200).join("\n"));
  }
  const customers: string[] = [];
  for (let at = 0; at < count; at++) {
    const given = { loyaltyNumber: `77${1_000 + at}`, fields: ["purchases"] };
    for (;;) {
      const answer = await call(port, "POST", "/v1/customers/lookup", token, given).catch(
        () => null,
      );
      const one = found.safeParse(answer);
      if (one.success && JSON.stringify(answer).includes(`sale-${at}-${SALES - 1}`)) {
        customers.push(one.data.customer);
        break;
      }
      await new Promise((next) => setTimeout(next, 50));
    }
  }
  return customers;
}

async function call(
  port: number,
  method: string,
  path: string,
  token: string,
  body: object | string,
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
