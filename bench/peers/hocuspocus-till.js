/** A till whose documents are Yjs's: one for each day's sales, one for each regular. Argument {sales, url}; begins when it is told to. */
import { once } from "node:events";
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import WebSocket from "ws";
import * as Y from "yjs";
import { createBooks } from "./books.js";

const SALES_PER_DAY = 1_000;
/** Documents under way at once, over one socket: the server takes no more that it is still opening. */
const AT_ONCE = 64;

const { sales, url } = JSON.parse(process.argv[2]);
const documents = sell();
process.send({ ready: true });
await once(process, "message");

const socket = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket });
const names = [...documents.keys()];
let next = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let at = next++; at < names.length; at = next++) await bring(names[at]);
  }),
);
process.send({ syncedMs: performance.timeOrigin + performance.now(), documents: names.length });
await once(process, "message");
process.exit(0);

function sell() {
  const books = createBooks(sales);
  const made = new Map();
  for (let from = 0, day = 1; from < sales; from += SALES_PER_DAY, day++) {
    const { sold, regulars } = books.take(from, Math.min(SALES_PER_DAY, sales - from));
    const journal = new Y.Doc();
    journal.getArray("sales").push(sold);
    made.set(`till-1/day-${day}`, journal);
    for (const regular of regulars) {
      const name = `regular:${regular.loyaltyNumber}`;
      const doc = made.get(name) ?? new Y.Doc();
      doc.transact(() => {
        const profile = doc.getMap("profile");
        for (const [field, value] of Object.entries(regular)) profile.set(field, value);
      });
      made.set(name, doc);
    }
  }
  return made;
}

/** Until the server has taken it; that it is on disk, the server says. */
function bring(name) {
  return new Promise((done) => {
    let isDone = false;
    const provider = new HocuspocusProvider({
      websocketProvider: socket,
      name,
      document: documents.get(name),
      awareness: null,
      onSynced: look,
      onUnsyncedChanges: look,
    });
    function look() {
      if (isDone || !provider.isSynced || provider.hasUnsyncedChanges) return;
      isDone = true;
      provider.destroy();
      done();
    }
    provider.attach();
  });
}
