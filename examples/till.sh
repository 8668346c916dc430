#!/usr/bin/env bash
# The till of node-pos.ts by curl, as any other language would be one: sells a basket over the agent's local API, with or
# without a network, and greets whom it knows.
#
#   npx node store-agent/src/main.ts --data .regulars/till-1 --source till-1 --store store-1 --port 4311 &
#   examples/till.sh [http://127.0.0.1:4311] [ada@example.com]
#
# Both need REGULARS_LOCAL_TOKEN in their environment, and the agent REGULARS_PEPPER: 16 characters or more.
set -euo pipefail

till=${1:-http://127.0.0.1:4311}
email=${2:-ada@example.com}
: "${REGULARS_LOCAL_TOKEN:?is the token that the agent was started with}"

# A retry is safe: what has an idempotency key is captured once. The token comes by a pipe: everybody sees arguments.
post() {
  curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused --max-time 10 \
    --config <(printf 'header = "authorization: Bearer %s"' "$REGULARS_LOCAL_TOKEN") \
    --header 'content-type: application/json' --data @- "$till/v1/$1"
}

# What the first match of a pattern has in its group.
first() { sed -nE "s/.*$1.*/\1/p" | head -n 1; }

sale=$(post captures <<JSON
{
  "kind": "sale",
  "idempotencyKey": "basket-$(date +%s)-$$",
  "lines": [{ "sku": "TEA-1", "description": "Tea, 250 g", "quantity": "2", "unitPrice": "3.95" }],
  "tenders": [{ "type": "cash", "amountMinor": 790 }],
  "customer": { "email": "$email", "givenName": "Ada" }
}
JSON
)
echo "receipt $(first '"receipt":"([^"]+)"' <<<"$sale")"

known=$(post lookup <<<"{ \"query\": \"$email\" }")
name=$(first '"givenName":\{"value":"([^"]+)"' <<<"$known")
sales=$(first '"totals":\{"GBP":\{"sales":([0-9]+)' <<<"$known")
echo "known as $name, $sales sales"
