/** Which formal names a given name may stand for: Bob is a Robert. */
const FORMAL_BY_SHORT: ReadonlyMap<string, readonly string[]> = new Map([["bob", ["robert"]]]);

/** Folded formal names that this folded name may stand for, itself included, sorted. */
export function formalNames(given: string): readonly string[] {
  return [given, ...(FORMAL_BY_SHORT.get(given) ?? [])].toSorted();
}

/** Whether two different names can stand for the same formal one. */
export function areNicknames(a: string, b: string): boolean {
  if (a === b) return false;
  const formal = new Set(formalNames(a));
  return formalNames(b).some((name) => formal.has(name));
}
