/** `npm run -s evaluate:identity -- --records A.csv --id COLUMN --truth COLUMN`: how well records become customers. */
import { runCommand } from "./command.ts";

await runCommand(() => import("./evaluate/evaluate.ts"));
