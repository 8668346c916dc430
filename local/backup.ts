/** `npm run -s backup -- --part centre --from FILE --to FOLDER`: a store as it is at this moment, while it is in use. */
import { runCommand } from "./command.ts";

await runCommand(() => import("./backup/backup.ts"));
