/** `npm start`: the whole system on this machine, and a day of a generated town. */
import { runCommand } from "./command.ts";

await runCommand(() => import("./town/play-town.ts"));
