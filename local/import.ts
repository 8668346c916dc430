/** `npm run -s import -- FILE --format csv --account ID --edge URL`: what a file of another system says, to the edge. */
import { runCommand } from "./command.ts";

await runCommand(() => import("./import/import.ts"));
