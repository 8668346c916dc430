/**
 * The fragments that this till writes: open documents, and what a capture changed in them.
 *
 * Documents change in memory before the commit, so after a failed write all of this is thrown away and read anew.
 */
import { hash as digestOf } from "node:crypto";
import type { RegularsEvent } from "@regulars/shared/events/event";
import {
  readSaying,
  recordEvent,
  type Saying,
  type Writer,
} from "@regulars/shared/fragment/fragment";
import { openWritten, type WrittenFragment } from "@regulars/shared/fragment/written";
import { clientIdOf, type IdentityKey } from "@regulars/shared/ids";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import {
  NO_TERMS,
  type SearchTerms,
  termsOfSaying,
  termStatements,
} from "../lookup/search-terms.ts";
import { fragmentStatement, openWhole, STATE_COLUMNS } from "./stored-fragment.ts";

interface OwnFragment {
  readonly doc: WrittenFragment;
  /** What it said at the last commit; null while nothing of it is stored. */
  readonly stored: Saying | null;
}

export interface OwnFragments {
  /** Makes the fragments of these keys ready for `claimsOf` and `record`. */
  load(keys: readonly IdentityKey[]): Promise<void>;
  claimsOf(key: IdentityKey): Saying["claims"];
  traitsOf(key: IdentityKey): Saying["traits"];
  /** Writes the event into its fragment; null when it has no subject. */
  record(event: RegularsEvent): FragmentUpdate | null;
  /** What stores all that was recorded since the last commit. */
  statements(): Statement[];
  /** The statements are durable: from here the documents may be forgotten, least recently used first. */
  committed(): void;
}

export function createOwnFragments(
  storage: Storage,
  writer: Writer,
  loadedMax: number,
): OwnFragments {
  const clientId = clientIdOf(writer.source, writer.epoch);
  const loaded = new Map<IdentityKey, OwnFragment>();
  /** Fragments recorded in since the last commit, with what they say now, once somebody has asked. */
  const changed = new Map<IdentityKey, Saying | null>();

  function loadedOf(key: IdentityKey): OwnFragment {
    const fragment = loaded.get(key);
    if (!fragment) throw new Error("a fragment was used before it was loaded");
    return fragment;
  }

  function sayingOf(key: IdentityKey): Saying | null {
    const { doc, stored } = loadedOf(key);
    if (!changed.has(key)) return stored;
    const saying = changed.get(key) ?? readSaying(doc);
    changed.set(key, saying);
    return saying;
  }

  return {
    async load(keys) {
      const missing = keys.filter((key) => !touch(loaded, key));
      if (missing.length === 0) return;
      for (const [key, fragment] of await readFragments(storage, writer.epoch, clientId, missing)) {
        loaded.set(key, fragment);
      }
    },

    claimsOf: (key) => sayingOf(key)?.claims ?? {},
    traitsOf: (key) => sayingOf(key)?.traits ?? {},

    record(event) {
      const [key] = event.subject;
      if (key === undefined) return null;
      const update = recordEvent(loadedOf(key).doc, event, key);
      changed.set(key, null);
      return {
        key,
        update: Buffer.from(update).toString("base64"),
        sha256: digestOf("sha256", update),
      };
    },

    statements() {
      const changes = [...changed.keys()].map((key) => {
        return { key, ...loadedOf(key), saying: sayingOf(key) };
      });
      return [
        ...changes.map(({ key, doc, saying }) =>
          fragmentStatement(key, writer.epoch, doc.state(), saying?.keys ?? []),
        ),
        ...termStatements(
          "own",
          changes.map(({ key: holder, stored, saying }) => {
            return { holder, before: termsOf(stored), after: termsOf(saying) };
          }),
        ),
      ];
    },

    committed() {
      for (const key of changed.keys()) {
        loaded.set(key, { doc: loadedOf(key).doc, stored: sayingOf(key) });
      }
      changed.clear();
      for (const key of loaded.keys()) {
        if (loaded.size <= loadedMax) break;
        loaded.delete(key);
      }
    },
  };
}

/** Its writer cannot go on with it: what follows of its customer is said in another epoch. */
export class DamagedFragment extends Error {}

/** Makes the entry the most recently used; false when there is none. */
function touch<Value>(map: Map<string, Value>, key: string): boolean {
  const value = map.get(key);
  if (value === undefined) return false;
  map.delete(key);
  map.set(key, value);
  return true;
}

/** All of `keys`; a fragment that does not exist yet is an empty document. Rejects with `DamagedFragment`. */
async function readFragments(
  storage: Storage,
  epoch: number,
  clientId: number,
  keys: readonly IdentityKey[],
): Promise<Map<IdentityKey, OwnFragment>> {
  const rows = await rowsOf(
    storage,
    `select key, ${STATE_COLUMNS} from fragment
     where epoch = ? and key in (select value from json_each(?))`,
    [epoch, JSON.stringify(keys)],
  );
  const stored = new Map(rows.map((row) => [textOf(row, "key"), row]));
  return new Map(
    keys.map((key): [IdentityKey, OwnFragment] => {
      const row = stored.get(key);
      if (!row) return [key, { doc: openWritten(null, clientId), stored: null }];
      const opened = openWhole(row, clientId);
      if (!opened) throw new DamagedFragment();
      return [key, { doc: opened.doc, stored: opened.saying }];
    }),
  );
}

const termsOf = (saying: Saying | null): SearchTerms => (saying ? termsOfSaying(saying) : NO_TERMS);
