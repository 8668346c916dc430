/** `npm run -s replay -- --input FILE --format online-retail`: a real retailer's sales through the whole system. */
import { runCommand } from "./command.ts";

await runCommand(() => import("./replay/replay-file.ts"));
