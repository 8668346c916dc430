/** A till whose database is PouchDB: sells without a network, or replicates what was sold. Argument {dataDir, sales, url?}. */
import PouchDB from "pouchdb";
import { createBooks } from "./books.js";

/** More at once make it no faster here, fewer make it slower. */
const BATCH = 1_000;
const BATCHES = 10;

const { dataDir, sales, url } = JSON.parse(process.argv[2]);
const db = new PouchDB(dataDir, { adapter: "leveldb", auto_compaction: false });
if (url === undefined) await sell();
else await bring();
await db.close();

/** A document for each sale, and one for each regular, which has a revision more for what was learned with each group. */
async function sell() {
  const books = createBooks(sales);
  const revisions = new Map();
  for (let from = 0; from < sales; from += BATCH) {
    const { sold, regulars } = books.take(from, Math.min(BATCH, sales - from));
    await db.bulkDocs(sold.map((sale) => ({ _id: `sale:${sale.receipt}`, ...sale })));
    const documents = regulars.map((regular) => {
      const _id = `regular:${regular.loyaltyNumber}`;
      return { ...regular, _id, _rev: revisions.get(_id) };
    });
    for (const { id, rev } of await db.bulkDocs(documents)) revisions.set(id, rev);
  }
}

async function bring() {
  const result = await db.replicate.to(url, { batch_size: BATCH, batches_limit: BATCHES });
  const atMs = performance.timeOrigin + performance.now();
  if (!result.ok || result.doc_write_failures > 0) throw new Error("not everything was replicated");
  process.send({ acceptedMs: atMs, mergedMs: atMs, documents: result.docs_written });
}
