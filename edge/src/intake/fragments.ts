/**
 * The fragments that the accounts of a shop write: open lists, and what was recorded in them since the last commit.
 * They change in memory before the commit, so after a failed write all of this is forgotten and read anew.
 */
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import type { RegularsEvent } from "@regulars/shared/events/event";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { readContribution, recordEvent } from "@regulars/shared/fragment/fragment";
import { openWritten, type WrittenFragment } from "@regulars/shared/fragment/written";
import {
  clientIdOf,
  fragmentIdOf,
  type FragmentName,
  type IdentityKey,
} from "@regulars/shared/ids";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import {
  bytesOf,
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";

/** Its writer cannot go on with it: what follows of its customer is said in another epoch (SYN5). */
export class DamagedFragment extends Error {
  readonly source: string;
  constructor(source: string) {
    super("a stored fragment is damaged");
    this.source = source;
  }
}

interface Own {
  readonly name: FragmentName;
  readonly doc: WrittenFragment;
  /** Null until somebody asks, and after each change. */
  said: Contribution | null;
  isEmpty: boolean;
  told: Told;
}

/** By field, `trait name` or `purpose/channel`: when that was true (ms since 1970), by whoever told of it. */
export type Told = Record<string, number>;

export interface Saying {
  readonly said: Contribution;
  readonly told: Readonly<Told>;
}

export interface Fragments {
  load(names: readonly FragmentName[]): Promise<void>;
  /** What it says; null while it says nothing. */
  saying(name: FragmentName): Saying | null;
  /** Writes the event into the fragment of its strongest key; null when it has no subject. */
  record(event: RegularsEvent): FragmentUpdate | null;
  statements(): Statement[];
  committed(): void;
  /** Memory is ahead of what is stored. */
  forget(): void;
}

export function createFragments(storage: Storage, loadedMax: number): Fragments {
  /** Null where what is stored is damaged. */
  const loaded = new Map<string, Own | null>();
  const changed = new Set<string>();

  function ownOf({ source, epoch, key }: FragmentName): Own {
    const own = loaded.get(fragmentIdOf(source, epoch, key));
    if (own === null) throw new DamagedFragment(source);
    if (!own) throw new Error("a fragment was used before it was loaded");
    return own;
  }
  /** Least recently used first: a Map keeps the order of insertion. */
  function touch(id: string): boolean {
    const own = loaded.get(id);
    if (own === undefined) return false;
    loaded.delete(id);
    loaded.set(id, own);
    return true;
  }

  return {
    async load(names) {
      const missing = new Map<string, FragmentName>();
      for (const name of names) {
        const id = fragmentIdOf(name.source, name.epoch, name.key);
        if (!touch(id)) missing.set(id, name);
      }
      if (missing.size === 0) return;
      const rows = await readRows(storage, [...missing.values()]);
      for (const [id, name] of missing) loaded.set(id, openOwn(name, rows.get(id)));
    },

    saying(name) {
      const own = ownOf(name);
      if (own.isEmpty) return null;
      own.said ??= readContribution(own.doc);
      return { said: own.said, told: own.told };
    },

    record(event) {
      const [key] = event.subject;
      if (key === undefined) return null;
      const { source, epoch } = event;
      const own = ownOf({ source, epoch, key });
      const update = recordEvent(own.doc, event, key);
      own.said = null;
      own.isEmpty = false;
      for (const what of toldBy(event)) own.told[what] = Date.parse(event.at);
      changed.add(fragmentIdOf(source, epoch, key));
      return { key, update: bytesToBase64(update), sha256: sha256Hex(update) };
    },

    statements: () => [...changed].flatMap((id) => statementOf(loaded.get(id))),

    committed() {
      changed.clear();
      for (const id of loaded.keys()) {
        if (loaded.size <= loadedMax) break;
        loaded.delete(id);
      }
    },

    forget() {
      loaded.clear();
      changed.clear();
    },
  };
}

/** Whole documents, for whoever has lost them; one that is damaged here is not among them. */
export async function wholeFragments(
  storage: Storage,
  { source, epoch }: Pick<FragmentName, "source" | "epoch">,
  keys: readonly IdentityKey[],
): Promise<FragmentUpdate[]> {
  const names = keys.map((key) => ({ source, epoch, key }));
  const rows = await readRows(storage, names);
  return [...rows.values()].flatMap((row) => {
    const state = stateOf(row);
    if (state === null) return [];
    const key = textOf(row, "key");
    return { key, update: bytesToBase64(state), sha256: sha256Hex(state) };
  });
}

export const traitName = (trait: string): string => `trait ${trait}`;

function toldBy(event: RegularsEvent): string[] {
  if (event.kind === "consent") return [`${event.body.purpose}/${event.body.channel}`];
  if (event.kind !== "claim") return [];
  return [
    ...Object.keys(event.body.claims),
    ...Object.keys(event.body.traits ?? {}).map((trait) => traitName(trait)),
  ];
}

async function readRows(
  storage: Storage,
  names: readonly FragmentName[],
): Promise<Map<string, Row>> {
  const rows = await rowsOf(
    storage,
    `select f.source, f.epoch, f.key, f.state, f.sha256, f.told from json_each(?) k
       cross join fragment f on f.source = k.value ->> 0 and f.epoch = k.value ->> 1
         and f.key = k.value ->> 2`,
    [JSON.stringify(names.map(({ source, epoch, key }) => [source, epoch, key]))],
  );
  return new Map(
    rows.map((row) => [
      fragmentIdOf(textOf(row, "source"), numberOf(row, "epoch"), textOf(row, "key")),
      row,
    ]),
  );
}

function openOwn(name: FragmentName, row: Row | undefined): Own | null {
  const clientId = clientIdOf(name.source, name.epoch);
  const state = row ? stateOf(row) : null;
  if (row && state === null) return null;
  const doc = openWritten(state, clientId);
  return {
    name,
    doc,
    said: null,
    isEmpty: !row,
    told: row ? parseOwn<Told>(textOf(row, "told")) : {},
  };
}

/** Null where the bytes are not what was written: nothing is recorded on top of them (SYN5). */
function stateOf(row: Row): Uint8Array | null {
  const state = bytesOf(row, "state");
  return sha256Hex(state) === row["sha256"] ? state : null;
}

function statementOf(own: Own | null | undefined): Statement[] {
  if (!own) return [];
  const { name, doc, told } = own;
  const state = doc.state();
  return [
    {
      sql: `insert into fragment (source, epoch, key, state, sha256, told)
            values (?, ?, ?, ?, ?, ?)
            on conflict (source, epoch, key) do update
              set state = excluded.state, sha256 = excluded.sha256, told = excluded.told`,
      args: [name.source, name.epoch, name.key, state, sha256Hex(state), JSON.stringify(told)],
    },
  ];
}
