/** The model that matching works with: the one that is shipped, or one that was trained on the retailer's own data. */
import { readFile } from "node:fs/promises";
import { DEFAULT_MODEL, type Model, modelSchema } from "./model.ts";

export class ModelUnusable extends Error {}

export async function readModel(file: string | undefined): Promise<Model> {
  if (file === undefined) return DEFAULT_MODEL;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new ModelUnusable(`The model ${file} cannot be read.`, { cause });
  });
  const model = modelSchema.safeParse(jsonOf(text));
  if (!model.success) throw new ModelUnusable(`The file ${file} is not a model of matching.`);
  return model.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it
  }
}
