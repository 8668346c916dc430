/** A worker thread of a batch: is told all records, and does the tasks that it is given. */
import { parentPort } from "node:worker_threads";
import type { Message, Reply } from "./crew.ts";
import { unpackRecords } from "./packed.ts";
import { createDesk, type Desk } from "./tasks.ts";

let desk: Desk | null = null;

parentPort?.on("message", (message: Message) => {
  if ("records" in message) {
    const records = unpackRecords(message.records);
    desk = createDesk(records);
    // Now, while the thread that asks counts how frequent values are, and not while it waits for an answer.
    for (let place = 0; place < records.count; place++) records.at(place);
    return;
  }
  if (!desk) throw new Error("a task before the records were told");
  if ("setting" in message) desk.set(message.setting);
  else
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage({ answer: desk.run(message.task) } satisfies Reply);
});
