/** The process of one bench: runs it and hands what it has measured to the process that has started this one. */
import { sentenceOf } from "../../local/command.ts";
import { BENCHES } from "../registry.ts";

// Without the process that asked for it, nobody wants to know any more.
process.once("disconnect", () => process.exit(1));

const [name = "", mode] = process.argv.slice(2);

function hand(message: object): Promise<void> {
  return new Promise((done, fail) => {
    if (!process.send) return fail(new Error("nobody is there to take what is measured"));
    process.send(message, (error: Error | null) => (error ? fail(error) : done()));
  });
}

try {
  const rows = await BENCHES[name]?.run({ isQuick: mode === "quick" });
  await hand({ rows });
} catch (error) {
  const said = sentenceOf(error);
  console.error(said);
  await hand({ failed: said.split("\n")[0] });
}
// Whatever a bench has left open must not hold up the next one.
process.exit();
