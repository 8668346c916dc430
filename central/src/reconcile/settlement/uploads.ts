/**
 * Files that were uploaded and wait to be confirmed: on the disk, one person's each, looked through in the background. They are
 * let go when they are taken in, after an hour, or with the process; nothing of them is in the database before it is all there.
 */
import { createHash } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Encoding } from "@regulars/shared/connect/text";
import { LIMITS } from "@regulars/shared/limits";
import { createSerial, type Serial } from "@regulars/shared/serial";
import type { Storage } from "@regulars/shared/storage/port";
import { importFile, type ImportRefusal, type Imported, importOf } from "./import-file.ts";
import type { SettlementMapping } from "./mapping.ts";
import { settlementMappingSchema } from "./mapping.ts";
import { inspectEncoding, readSample, Unreadable } from "./read-csv.ts";
import type { FileRefusal } from "./refusal.ts";
import { recallMapping, type Remembered } from "./remembered.ts";
import { type DraftMapping, type FileSample, guessSettlement } from "./shapes.ts";
import { readStoreZones } from "./stores.ts";
import { type Survey, surveyFile } from "./survey.ts";

export type UploadState =
  | { readonly is: "unmapped" }
  | { readonly is: "reading" }
  | { readonly is: "read"; readonly survey: Survey }
  | { readonly is: "importing" }
  | { readonly is: "imported"; readonly imported: Imported }
  | { readonly is: "refused"; readonly refusal: ImportRefusal }
  /** An error of ours; it was logged. */
  | { readonly is: "failed" };

export interface Upload {
  readonly id: string;
  /** Id of the person: nobody else sees it. */
  readonly by: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly atMs: number;
  readonly encoding: Encoding;
  readonly sample: FileSample;
  readonly remembered: Remembered | null;
  readonly draft: DraftMapping;
  readonly state: UploadState;
  /** Lines seen, while it is looked through. */
  readonly progress: number;
}

interface Held extends Upload {
  readonly path: string;
  draft: DraftMapping;
  state: UploadState;
  progress: number;
  /** Counted up with each run: a run that was overtaken says nothing. */
  run: number;
}

export interface UploadsDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly pause: () => Promise<void>;
  readonly drawId: () => string;
  /** Store-days are to be checked against what was taken in. */
  readonly onMarked: () => void;
  readonly onError: (error: unknown) => void;
}

export interface UploadRequest {
  readonly by: string;
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface Uploads {
  /** Throws `Unreadable` for what is no file of this kind, or too large. */
  add(request: UploadRequest): Promise<Upload>;
  /** Null for somebody else's, and for one that was let go. */
  get(id: string, by: string): Upload | null;
  /** Looks through it by this mapping; resolved when it has. */
  map(id: string, by: string, draft: DraftMapping): Promise<void>;
  /** Takes it in; resolved when it is, or is refused. */
  take(id: string, by: string): Promise<void>;
  drop(id: string, by: string): Promise<void>;
}

export function createUploads(deps: UploadsDeps): Uploads {
  const held = new Map<string, Held>();
  /** One import at a time: what is known decides what is written. */
  const inTurn = createSerial();
  const own = (id: string, by: string): Held | null => {
    const upload = held.get(id);
    return upload?.by === by ? upload : null;
  };

  async function letGo(upload: Held): Promise<void> {
    held.delete(upload.id);
    upload.run += 1;
    await removeFile(upload.path);
  }

  async function makeRoom(): Promise<void> {
    const old = [...held.values()].filter(
      ({ atMs, state }) =>
        state.is !== "importing" && deps.nowMs() - atMs > LIMITS.settlementWaitingMs,
    );
    const full = [...held.values()].slice(
      0,
      Math.max(0, held.size + 1 - LIMITS.settlementWaitingFiles),
    );
    for (const upload of new Set([...old, ...full])) await letGo(upload);
  }

  return {
    async add(request) {
      await makeRoom();
      const upload = await receive(deps, request);
      held.set(upload.id, upload);
      return upload;
    },
    get: own,
    async map(id, by, draft) {
      const upload = own(id, by);
      if (!upload || upload.state.is === "importing" || upload.state.is === "imported") return;
      upload.draft = draft;
      await look(deps, upload);
    },
    async take(id, by) {
      const upload = own(id, by);
      if (upload?.state.is !== "read") return;
      upload.run += 1;
      upload.progress = 0;
      upload.state = { is: "importing" };
      await takeIn(deps, upload, inTurn);
      if (own(id, by)?.state.is === "imported") await removeFile(upload.path);
    },
    async drop(id, by) {
      const upload = own(id, by);
      if (upload && upload.state.is !== "importing") await letGo(upload);
    },
  };
}

/** A folder for each, that nobody else on the machine may read. */
async function receive(deps: UploadsDeps, { by, name, chunks }: UploadRequest): Promise<Held> {
  const path = join(await mkdtemp(join(tmpdir(), "regulars-settlement-")), "file.csv");
  try {
    const { sha256, bytes, encoding } = await keep(path, chunks);
    const before = await importOf(deps.storage, sha256);
    if (before !== null) throw new SameFile(before);
    const sample = await readSample(path, encoding);
    const remembered = await recallMapping(deps.storage, sample.header);
    const draft = remembered?.mapping ?? (await guess(deps.storage, sample));
    const state: UploadState = { is: "unmapped" };
    const at = { id: deps.drawId(), by, name: fileName(name), atMs: deps.nowMs() };
    return {
      ...at,
      sha256,
      bytes,
      encoding,
      sample,
      remembered,
      draft,
      state,
      progress: 0,
      run: 0,
      path,
    };
  } catch (error) {
    await removeFile(path);
    throw error;
  }
}

/** The same bytes were imported before. */
export class SameFile extends Error {
  readonly refusal: FileRefusal;
  constructor(file: number) {
    super("same_file");
    this.refusal = { reason: "same_file", file };
  }
}

async function keep(path: string, chunks: AsyncIterable<Uint8Array>) {
  const hash = createHash("sha256");
  const inspector = inspectEncoding();
  const file = await open(path, "wx", 0o600);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > LIMITS.settlementBytes) throw new Unreadable("too_large");
      hash.update(chunk);
      inspector.see(chunk);
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), bytes, encoding: inspector.encoding() };
}

async function guess(storage: Storage, sample: FileSample): Promise<DraftMapping> {
  const stores = [...(await readStoreZones(storage)).keys()];
  const [only] = stores;
  const store = stores.length === 1 && only !== undefined ? only : null;
  return guessSettlement(sample, { currency: null, store });
}

/** What a person sees of it: without folders, and short enough for a table. */
const fileName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? "").replaceAll(/\p{Cc}/gu, "").slice(0, 120) || "file.csv";

const removeFile = (path: string): Promise<void> =>
  rm(join(path, ".."), { recursive: true, force: true });

async function look(deps: UploadsDeps, upload: Held): Promise<void> {
  const mapping = mappingOf(upload.draft);
  upload.run += 1;
  const { run } = upload;
  if (mapping === null) {
    upload.state = { is: "unmapped" };
    return;
  }
  upload.progress = 0;
  upload.state = { is: "reading" };
  try {
    const survey = await surveyFile(await optionsOf(deps, upload, mapping));
    if (upload.run === run) upload.state = { is: "read", survey };
  } catch (error) {
    deps.onError(error);
    if (upload.run === run) upload.state = { is: "failed" };
  }
}

async function takeIn(deps: UploadsDeps, upload: Held, inTurn: Serial): Promise<void> {
  const mapping = mappingOf(upload.draft);
  if (mapping === null) return;
  const { sha256, name, by } = upload;
  try {
    const taken = await inTurn(async () =>
      importFile(deps.storage, {
        ...(await optionsOf(deps, upload, mapping)),
        sha256,
        name,
        by,
        nowMs: deps.nowMs(),
      }),
    );
    upload.state = taken.ok
      ? { is: "imported", imported: taken.value }
      : { is: "refused", refusal: taken.reason };
    if (taken.ok) deps.onMarked();
  } catch (error) {
    deps.onError(error);
    upload.state = { is: "failed" };
  }
}

/** Null where amount, reference or date is not chosen yet. */
export function mappingOf(draft: DraftMapping): SettlementMapping | null {
  const parsed = settlementMappingSchema.safeParse(draft);
  return parsed.success ? parsed.data : null;
}

async function optionsOf(deps: UploadsDeps, upload: Held, mapping: SettlementMapping) {
  return {
    file: { path: upload.path, encoding: upload.encoding },
    header: upload.sample.header,
    mapping,
    zones: await readStoreZones(deps.storage),
    today: new Date(deps.nowMs()).toISOString().slice(0, 10),
    pause: deps.pause,
    onProgress: (lines: number) => {
      upload.progress = lines;
    },
  };
}
