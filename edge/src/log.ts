/** One JSON line per event worth a person's attention. Names of things only, never their content (SEC2). */
export function logError(where: string, error: unknown): void {
  const message =
    error instanceof Error ? `${error.name}: ${error.message}` : "not an error object";
  console.error(JSON.stringify({ level: "error", where, message }));
}
