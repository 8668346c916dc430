/** What has left the database leaves its file as well. */
import { LIMITS } from "@regulars/shared/limits";
import type { LibsqlStorage } from "@regulars/shared/storage/libsql";
import { numberOf, rowsOf } from "@regulars/shared/storage/port";

/**
 * Some pages at a time, for captures wait meanwhile. Not in a batch: the client steps a statement there once, and the
 * pragma frees a page per step and holds the transaction open.
 */
export async function shrink(storage: LibsqlStorage): Promise<boolean> {
  const { free, mode } = await spaceOf(storage);
  if (free === 0 || mode !== INCREMENTAL) return false;
  await storage.maintain(`pragma incremental_vacuum(${LIMITS.archiveFreedPages})`);
  return (await spaceOf(storage)).free < free;
}

/**
 * A database from before there was an archive cannot give pages back. It is rebuilt as one that can when it opens and
 * most of it is free: once the archive has drained it, and before anybody waits for a sale.
 */
export async function rebuildOnce(storage: LibsqlStorage): Promise<void> {
  const { free, pages, pageBytes, mode } = await spaceOf(storage);
  const isWorthIt = free * 2 > pages && free * pageBytes > LIMITS.databaseFreeBytes;
  if (mode !== NONE || !isWorthIt) return;
  await storage.maintain(`pragma auto_vacuum = incremental; vacuum`);
}

const NONE = 0;
const INCREMENTAL = 2;

async function spaceOf(storage: LibsqlStorage) {
  const [row] = await rowsOf(
    storage,
    `select freelist_count as free, page_count as pages, page_size as page_bytes,
       auto_vacuum as mode
     from pragma_freelist_count, pragma_page_count, pragma_page_size, pragma_auto_vacuum`,
  );
  if (!row) throw new Error("the database does not say how large it is");
  return {
    free: numberOf(row, "free"),
    pages: numberOf(row, "pages"),
    pageBytes: numberOf(row, "page_bytes"),
    mode: numberOf(row, "mode"),
  };
}
