/** A deliberate bug: one place of the machines' source, replaced while it is loaded into a thread. */
import { registerHooks } from "node:module";

export interface Mutation {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** First seed to search from: the one that has shown it, as plans were then. 1 when absent. */
  readonly fromSeed?: number;
}

/** Throws when the place is not there: a bug that was not put in would not be found. */
export function installMutation({ name, file, find, replace }: Mutation): void {
  const url = new URL(`../../${file}`, import.meta.url).href;
  registerHooks({
    load(of, context, nextLoad) {
      const loaded = nextLoad(of, context);
      if (of !== url) return loaded;
      const source = sourceText(loaded.source);
      if (source.split(find).length !== 2) throw new Error(`${name}: not once in ${file}`);
      return { ...loaded, source: source.replace(find, () => replace) };
    },
  });
}

function sourceText(source: string | ArrayBuffer | NodeJS.TypedArray | null | undefined): string {
  if (typeof source === "string") return source;
  if (!source) throw new Error("a module without source");
  return new TextDecoder().decode(source);
}
