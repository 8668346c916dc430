/** What has to hold for each of thousands of cases: the case is named where it does not. */
export function insist(isSo: boolean, how: string): void {
  if (!isSo) throw new Error(how);
}
