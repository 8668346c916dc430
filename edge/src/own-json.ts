/**
 * JSON that this object wrote itself, from values that were parsed when they came in. Parsing it by schema once more
 * would cost as much as all the rest of a merge: Workers compile no schemas.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it wrote
export function parseOwn<Value>(text: string): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only ever called on a column of its own table
  return JSON.parse(text) as Value;
}
