/**
 * Measured claims: npm run -s bench -- NAME [--quick] [--json]. Each prints what it has measured, beside what it was measured
 * against in the same run, and fails when a limit is missed that the house promises.
 */
import { runCommand } from "../local/command.ts";

await runCommand(() => import("./frame/main.ts"));
