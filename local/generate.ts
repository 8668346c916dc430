/** `npm run -s generate`: a labelled benchmark for identity resolution. */
import { runCommand } from "./command.ts";

await runCommand(() => import("./generate/run-generate.ts"));
