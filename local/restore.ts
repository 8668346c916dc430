/** `npm run -s restore -- --from FOLDER --to PLACE`: what a backup holds, verified, to where nothing is. */
import { runCommand } from "./command.ts";

await runCommand(() => import("./backup/restore.ts"));
