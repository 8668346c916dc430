/**
 * What packed texts always say: names and punctuation in the order in which they are written, the most frequent last. What was
 * packed with one of them can be read with it alone: a text here is never changed, a better one gets a form of its own.
 */
import { base64ToBytes } from "@regulars/shared/digest";

const ENVELOPE = `{"source":"","epoch":1,"seq":1,"stamp":"01a1-0000-","at":"2026-01-01T10:00:00.000Z","businessDay":"2026-01-01","zone":"America/New_York","zone":"Europe/Berlin","zone":"Europe/London","store":"","channel":"web","channel":"till","subject":["device:","account:"],"subject":[],"flags":["late"],"shift":"1/1","flags":[],"kind":`;

const EVENT = `"resealed":{"epoch":1,"seq":"properties":{"traits":{"doubtful":{"repaired":["own":true,"verified":true,"page":"/","type":"page_viewed","name":"","items":[{"sku":"","description":"","quantity":"1"}],"cart":"","state":"open","lines":1,"order":"","shop":"web","placedAt":"kind":"order","kind":"cart","kind":"behaviour","body":{"type":"kind":"note","body":{"text":"kind":"consent","body":{"purpose":"marketing","channel":"email","state":"granted"}}"state":"withdrawn"}}"kind":"claim","body":{"claims":{"givenName":"","familyName":"","email":"@example.com","phone":"+44","loyaltyNumber":"","birthDate":"19-0-","address":{"line1":"","line2":"","city":"","region":"","postalCode":"","country":"GB"},"country":"","language":"en"}}}"discountMinor":"taxMinor":"unitPrice":""taxRate":"0.20","staff":"","reference":"","receipt":"","currency":"EUR","currency":"USD",${ENVELOPE}"sale","body":{"receipt":"","currency":"GBP","lines":[{"sku":"","description":"","quantity":"2","amountMinor":},{"sku":"","description":"","quantity":"1","amountMinor":"unitPriceMinor":}],"tenders":[{"type":"cash","amountMinor":}],"tenders":[{"type":"card","amountMinor":}],"totalMinor":}}","email:","phone:"],"flags":[],"subject":["loyalty:`;

const ACTIVITY = `"traits":{"":{"value":"","stamp":"","seq":}},"behaviours":{"":{"type":"page_viewed","name":"","page":"/","items":[]}},"carts":{"":{"cart":"","state":"ordered","items":[{"sku":"","description":"","quantity":"1","amountMinor":}],"lines":1,"currency":"GBP","totalMinor":}},"orders":{"loyalty":{"points":{"balancePoints":,"lifetimePoints":"consents":{"marketing/email":{"state":"granted","stamp":""state":"withdrawn","notes":{"":{"text":"","at":"","stamp":"","staff":""channel":"web","order":"","shop":"","voided":true,`;

const SALE = `{"kind":"return","receipt":"{"kind":"sale","receipt":"","at":"2026-01-01T10:00:00.000Z","stamp":"01a1-0000-","store":"","currency":"GBP","totalMinor":1,"lines":1,"items":["`;

const CONTRIBUTION = `${ACTIVITY}"claims":{"address":{"value":{"line1":"","city":"","postalCode":"","country":"GB"},"language":{"value":"en","country":{"value":"GB","verified":true,"own":true,{"source":"","epoch":1,"key":"loyalty:","seq":1,"first":"01a1-0000-","last":"01a1-0000-","keys":{"account:":"","device:":"","phone:":"","email:":"01a1-0000-"},"claims":{"givenName":{"value":"","stamp":"01a1-0000-","seq":1},"familyName":{"value":"","stamp":"01a1-0000-","seq":1},"email":{"value":"@example.com","stamp":"01a1-0000-","seq":1},"phone":{"value":"+44","stamp":"01a1-0000-","seq":1},"loyaltyNumber":{"value":"","stamp":"01a1-0000-","seq":1},"birthDate":{"value":"19","stamp":"01a1-0000-","seq":1}},"consents":{},"totals":{"GBP":{"sales":1,"returns":0,"minor":1}},"recent":{"":${SALE}"]}},"notes":{},"traits":{},"behaviours":{},"carts":{},"orders":{},"loyalty":{}}`;

const GOLDEN = `"verified":true,"repaired":true,"same":[{"stamp":"","event":"","fragment":""}],"rule":"trusted_source","rule":"longest","rule":"most_frequent","group":"","values":[],"pinned":{"by":""},"ignored":[{"value":"override":""}],"consents":{"marketing/email":{"state":"granted","stamp":"","seq":,"fragment":"","address":{"value":{"line1":"","city":"","postalCode":"","country":"GB"},"language":{"value":"en","country":{"value":"GB","losers":[{"value":"","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:"},{"value":"{"fields":{"birthDate":{"value":"19","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"oldest","losers":[]},"email":{"value":"@example.com","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]},"familyName":{"value":"","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]},"givenName":{"value":"","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]},"loyaltyNumber":{"value":"","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]},"phone":{"value":"+44","stamp":"01a1-0000-","event":"/1/","fragment":"/1/loyalty:","rule":"most_recent","losers":[]}},"keys":["loyalty:","email:","phone:"],"consents":{}}`;

const DONE = `${ACTIVITY}{"asOf":"01a1-0000-","totals":{"GBP":{"sales":1,"returns":0,"minor":1}},"recent":[${SALE}"],"event":"/1/"},${SALE}"],"event":"/1/"}],"notes":[],"traits":{},"behaviours":[],"carts":[],"closedCarts":[],"orders":[],"loyalty":{}}`;

/** A fragment with a bit of everything, as Yjs writes it: a length leads each text, so names stand with their lengths. */
const STATE = [
  "AQ/DlJDKCwAIAQdlbnRyaWVzBHUDdwRtZXRhdwZzb3VyY2V3AXR1A3cEbWV0YXcFZXBvY2h9AXUDdwRtZXRhdwNrZXl3HmxveWFsdHk6QUFBQU",
  "FBQUFBQUFBQUFBQUFBQUFBQXUDdwRtZXRhdwVmaXJzdHcVMDE5Yjc4ZmZmOTAwLTAwMDAtdC8xgcOUkMoLAwKIw5SQygsFBHUDdwRrZXlzdx5s",
  "b3lhbHR5OkFBQUFBQUFBQUFBQUFBQUFBQUFBQUF3FTAxOWI3OGZmZjkwMC0wMDAwLXQvMXUDdwRrZXlzdxxlbWFpbDpBQUFBQUFBQUFBQUFBQU",
  "FBQUFBQUFBdxUwMTliNzhmZmY5MDAtMDAwMC10LzF1A3cEa2V5c3cccGhvbmU6QUFBQUFBQUFBQUFBQUFBQUFBQUFBQXcVMDE5Yjc4ZmZmOTAw",
  "LTAwMDAtdC8xdQN3CGNvbnNlbnRzdw9tYXJrZXRpbmcvZW1haWx2AwVzdGF0ZXcHZ3JhbnRlZAVzdGFtcHcVMDE5Yjc4ZmZmOTAwLTAwMDAtdC",
  "8xA3NlcX0BgcOUkMoLCQKIw5SQygsLAXUDdwVub3Rlc3cBMnYDBHRleHR3AWECYXR3GDIwMjYtMDEtMDFUMTA6MDA6MDAuMDAwWgVzdGFtcHcV",
  "MDE5Yjc4ZmZmOTAwLTAwMDEtdC8xgcOUkMoLDAKIw5SQygsOA3UDdwZjbGFpbXN3B2FkZHJlc3N2AwV2YWx1ZXYEBWxpbmUxdwYxIFJvYWQEY2",
  "l0eXcGTG9uZG9uCnBvc3RhbENvZGV3Bk4xIDFBQQdjb3VudHJ5dwJHQgVzdGFtcHcVMDE5Yjc4ZmZmOTAwLTAwMDItdC8xA3NlcX0DdQN3BmNs",
  "YWltc3cHY291bnRyeXYDBXZhbHVldwJHQgVzdGFtcHcVMDE5Yjc4ZmZmOTAwLTAwMDItdC8xA3NlcX0DdQN3BmNsYWltc3cIbGFuZ3VhZ2V2Aw",
  "V2YWx1ZXcCZW4Fc3RhbXB3FTAxOWI3OGZmZjkwMC0wMDAyLXQvMQNzZXF9A4HDlJDKCxEDiMOUkMoLFAF1A3cGcmVjZW50dwE0dgkEa2luZHcE",
  "c2FsZQdyZWNlaXB0dwN0LTECYXR3GDIwMjYtMDEtMDFUMTA6MDA6MDEuMDAwWgVzdGFtcHcVMDE5Yjc4ZmZmY2U4LTAwMDAtdC8xBXN0b3Jldw",
  "FzCGN1cnJlbmN5dwNHQlAKdG90YWxNaW5vcn2oDwVsaW5lc30BBWl0ZW1zdQF3AUGBw5SQygsVBIjDlJDKCxkEdQN3BmNsYWltc3cFZW1haWx2",
  "AwV2YWx1ZXcNYUBleGFtcGxlLmNvbQVzdGFtcHcVMDE5Yjc5MDAwMGQwLTAwMDAtdC8xA3NlcX0FdQN3BmNsYWltc3cFcGhvbmV2AwV2YWx1ZX",
  "cEKzQ0MQVzdGFtcHcVMDE5Yjc5MDAwMGQwLTAwMDAtdC8xA3NlcX0FdQN3BmNsYWltc3cNbG95YWx0eU51bWJlcnYDBXZhbHVldwExBXN0YW1w",
  "dxUwMTliNzkwMDAwZDAtMDAwMC10LzEDc2VxfQV1A3cGY2xhaW1zdwliaXJ0aERhdGV2AwV2YWx1ZXcKMTk4MC0wMS0wMQVzdGFtcHcVMDE5Yj",
  "c5MDAwMGQwLTAwMDAtdC8xA3NlcX0FgcOUkMoLHQOIw5SQygsgAXUDdwZyZWNlbnR3ATZ2CQRraW5kdwRzYWxlB3JlY2VpcHR3A3QtMQJhdHcY",
  "MjAyNi0wMS0wMVQxMDowMDowMy4wMDBaBXN0YW1wdxUwMTliNzkwMDA0YjgtMDAwMC10LzEFc3RvcmV3AXMIY3VycmVuY3l3A0dCUAp0b3RhbE",
  "1pbm9yfZAfBWxpbmVzfQEFaXRlbXN1AXcBQYHDlJDKCyECiMOUkMoLIwZ1A3cGdG90YWxzdwNHQlB2AwVzYWxlc30DB3JldHVybnN9AAVtaW5v",
  "cn2wXXUDdwZyZWNlbnR3ATd2CQRraW5kdwRzYWxlB3JlY2VpcHR3A3QtMQJhdHcYMjAyNi0wMS0wMVQxMDowMDowNC4wMDBaBXN0YW1wdxUwMT",
  "liNzkwMDA4YTAtMDAwMC10LzEFc3RvcmV3AXMIY3VycmVuY3l3A0dCUAp0b3RhbE1pbm9yfbguBWxpbmVzfQEFaXRlbXN1AXcBQXUDdwRtZXRh",
  "dwNzZXF9CHUDdwRtZXRhdwRsYXN0dxUwMTliNzkwMDBjODgtMDAwMC10LzF1A3cGY2xhaW1zdwlnaXZlbk5hbWV2AwV2YWx1ZXcBQwVzdGFtcH",
  "cVMDE5Yjc5MDAwYzg4LTAwMDAtdC8xA3NlcX0IdQN3BmNsYWltc3cKZmFtaWx5TmFtZXYDBXZhbHVldwFEBXN0YW1wdxUwMTliNzkwMDBjODgt",
  "MDAwMC10LzEDc2VxfQgBw5SQygsHBAIKAg0CEgMWBB4DIgI=",
].join("");

const UNIT = `"occupation":"","gender":"","suffix":"","road":"","number":"","locality":"","region":"","postcode":"","identifier":"","given":[""],"family":[""],"birth":"19-0-","email":"@example.com","phone":"+44"}{"loyalty:":"01a1-0000-","email:":"01a1-0000-","phone:":"01a1-0000-"}`;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const DICTIONARIES = {
  event: bytes(EVENT),
  contribution: bytes(CONTRIBUTION),
  state: base64ToBytes(STATE),
  golden: bytes(GOLDEN),
  activity: bytes(DONE),
  unit: bytes(UNIT),
} as const satisfies Record<string, Uint8Array>;

export type PackedKind = keyof typeof DICTIONARIES;
