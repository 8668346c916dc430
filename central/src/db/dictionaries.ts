/**
 * What packed texts always say: names and punctuation in the order in which they are written, the most frequent last. What was
 * packed with one of them can be read with it alone: a text here is never changed, a better one gets a form of its own.
 */

const ENVELOPE = `{"source":"","epoch":1,"seq":1,"stamp":"01a1-0000-","at":"2026-01-01T10:00:00.000Z","businessDay":"2026-01-01","zone":"America/New_York","zone":"Europe/Berlin","zone":"Europe/London","store":"","channel":"web","channel":"till","subject":["device:","account:"],"subject":[],"flags":["late"],"shift":"1/1","flags":[],"kind":`;

const EVENT = `"resealed":{"epoch":1,"seq":"properties":{"traits":{"doubtful":{"repaired":["own":true,"verified":true,"page":"/","type":"page_viewed","name":"","items":[{"sku":"","description":"","quantity":"1"}],"cart":"","state":"open","lines":1,"order":"","shop":"web","placedAt":"kind":"order","kind":"cart","kind":"behaviour","body":{"type":"kind":"note","body":{"text":"kind":"consent","body":{"purpose":"marketing","channel":"email","state":"granted"}}"state":"withdrawn"}}"kind":"claim","body":{"claims":{"givenName":"","familyName":"","email":"@example.com","phone":"+44","loyaltyNumber":"","birthDate":"19-0-","address":{"line1":"","line2":"","city":"","region":"","postalCode":"","country":"GB"},"country":"","language":"en"}}}"discountMinor":"taxMinor":"unitPrice":""taxRate":"0.20","staff":"","reference":"","receipt":"","currency":"EUR","currency":"USD",${ENVELOPE}"sale","body":{"receipt":"","currency":"GBP","lines":[{"sku":"","description":"","quantity":"2","amountMinor":},{"sku":"","description":"","quantity":"1","amountMinor":"unitPriceMinor":}],"tenders":[{"type":"cash","amountMinor":}],"tenders":[{"type":"card","amountMinor":}],"totalMinor":}}","email:","phone:"],"flags":[],"subject":["loyalty:`;

const ACTIVITY = `"traits":{"":{"value":"","stamp":"","seq":}},"behaviours":{"":{"type":"page_viewed","name":"","page":"/","items":[]}},"carts":{"":{"cart":"","state":"ordered","items":[{"sku":"","description":"","quantity":"1","amountMinor":}],"lines":1,"currency":"GBP","totalMinor":}},"orders":{"loyalty":{"points":{"balancePoints":,"lifetimePoints":"consents":{"marketing/email":{"state":"granted","stamp":""state":"withdrawn","notes":{"":{"text":"","at":"","stamp":"","staff":""channel":"web","order":"","shop":"","voided":true,`;

const SALE = `{"kind":"return","receipt":"{"kind":"sale","receipt":"","at":"2026-01-01T10:00:00.000Z","stamp":"01a1-0000-","store":"","currency":"GBP","totalMinor":1,"lines":1,"items":["`;

const CONTRIBUTION = `${ACTIVITY}"claims":{"address":{"value":{"line1":"","city":"","postalCode":"","country":"GB"},"language":{"value":"en","country":{"value":"GB","verified":true,"own":true,{"source":"","epoch":1,"key":"loyalty:","seq":1,"first":"01a1-0000-","last":"01a1-0000-","keys":{"account:":"","device:":"","phone:":"","email:":"01a1-0000-"},"claims":{"givenName":{"value":"","stamp":"01a1-0000-","seq":1},"familyName":{"value":"","stamp":"01a1-0000-","seq":1},"email":{"value":"@example.com","stamp":"01a1-0000-","seq":1},"phone":{"value":"+44","stamp":"01a1-0000-","seq":1},"loyaltyNumber":{"value":"","stamp":"01a1-0000-","seq":1},"birthDate":{"value":"19","stamp":"01a1-0000-","seq":1}},"consents":{},"totals":{"GBP":{"sales":1,"returns":0,"minor":1}},"recent":{"":${SALE}"]}},"notes":{},"traits":{},"behaviours":{},"carts":{},"orders":{},"loyalty":{}}`;

const GOLDEN = `"verified":true,"repaired":true,"same":[{"stamp":"","event":"","fragment":""}],"rule":"trusted_source","rule":"longest","rule":"most_frequent","group":"","values":[],"pinned":{"by":""},"ignored":[{"value":"override":""}],"consents":{"marketing/email":{"state":"granted","stamp":"","seq":,"fragment":"","address":{"value":{"line1":"","city":"","postalCode":"","country":"GB"},"language":{"value":"en","country":{"value":"GB","losers":[{"value":"","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:"},{"value":"{"fields":{"birthDate":{"value":"19","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"oldest","losers":[]},"email":{"value":"@example.com","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]},"familyName":{"value":"","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]},"givenName":{"value":"","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]},"loyaltyNumber":{"value":"","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]},"phone":{"value":"+44","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]}},"keys":["loyalty:","email:","phone:"],"consents":{}}`;

const DONE = `${ACTIVITY}{"asOf":"01a1-0000-","totals":{"GBP":{"sales":1,"returns":0,"minor":1}},"recent":[${SALE}"],"event":"/1/"},${SALE}"],"event":"/1/"}],"notes":[],"traits":{},"behaviours":[],"carts":[],"closedCarts":[],"orders":[],"loyalty":{}}`;

/** How Yjs names what a fragment holds: lengths lead the texts, so that each is written with its length. */
const STATE =
  "\u0007entries\u0004metaw\u0006source\u0004metaw\u0005epoch}\u0001\u0004metaw\u0003key\u0004metaw\u0005firstw\u001c01a1-0000-\u0004keysw\u0006recentw\u0004kindw\u0004sale\u0004kindw\u0006return\u0007receiptw\u0002atw\u00182026-01-01T10:00:00.000Z\u0005stampw\u001c01a1-0000-\u0005storew\u0008currencyw\u0003GBP\u000atotalMinor}\u0005lines}\u0001\u0005itemsu\u0001w\u0006claimsw\u0009givenNamev\u0003\u0005valuew\u0005stampw\u001c01a1-0000-\u0003seq}\u0006claimsw\u000afamilyNamev\u0003\u0006claimsw\u0005emailv\u0003\u0006claimsw\u0005phonev\u0003\u0006claimsw\u000dloyaltyNumberv\u0003\u0006claimsw\u0009birthDatev\u0003\u0004metaw\u0003seq}\u0004metaw\u0004lastw\u001c\u0006totalsw\u0003GBPv\u0003\u0005sales}\u0001\u0007returns}\u0000\u0005minor}";

const UNIT = `"occupation":"","gender":"","suffix":"","road":"","number":"","locality":"","region":"","postcode":"","identifier":"","given":[""],"family":[""],"birth":"19-0-","email":"@example.com","phone":"+44"}{"loyalty:":"01a1-0000-","email:":"01a1-0000-","phone:":"01a1-0000-"}`;

export const DICTIONARIES = {
  event: EVENT,
  contribution: CONTRIBUTION,
  state: STATE,
  golden: GOLDEN,
  activity: DONE,
  unit: UNIT,
} as const satisfies Record<string, string>;

export type PackedKind = keyof typeof DICTIONARIES;
