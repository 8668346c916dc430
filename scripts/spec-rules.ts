// Fails when a rule of shared/SPEC.md is quoted by no test title, or a test title quotes no rule.
import { existsSync, globSync, readFileSync } from "node:fs";

const specFile = "shared/SPEC.md";
const spec = existsSync(specFile) ? readFileSync(specFile, "utf8") : "";
const rules = new Set(
  [...spec.matchAll(/^\s*[-*] \*\*([A-Z]{3}\d+)\b/gm)].map(([, id = ""]) => id),
);

const filesByQuotedId = new Map<string, string>();
for (const file of globSync("**/*.test.{ts,tsx}", { exclude: ["**/node_modules/**"] })) {
  for (const id of idsInTitlesOf(file)) filesByQuotedId.set(id, file);
}

const problems = [
  ...(rules.size > 0 ? [] : [`${specFile}: no rule found.`]),
  ...[...rules]
    .filter((id) => !filesByQuotedId.has(id))
    .map((id) => `${specFile}: no test title quotes rule ${id}.`),
  ...[...filesByQuotedId]
    .filter(([id]) => !rules.has(id))
    .map(([id, file]) => `${file}: a test title quotes ${id}, which ${specFile} does not have.`),
];
for (const line of problems) console.error(line);
console.log(`rules: ${rules.size} rules, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

function idsInTitlesOf(file: string): string[] {
  // The title is the first string of the call, after the rows of an each, for or prop.
  const call =
    /\b(?:test|it|describe)(?:\.\w+)*?(?:\.(?:each|for|prop)\([\s\S]*?\))?\(\s*(["'`])([\s\S]*?)\1/g;
  const titles = [...readFileSync(file, "utf8").matchAll(call)].map(([, , title = ""]) => title);
  return titles.flatMap((title) => title.match(/\b[A-Z]{3}\d+\b/g) ?? []);
}
