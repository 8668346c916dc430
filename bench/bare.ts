/** Beside the edge, in the same workerd: the least that something could be, which it is measured against. */

/** Adds a Worker `bare.js` with one class of Durable Objects, bound as `BARE`, to the edge's configuration. */
export const besideBare =
  (className: string) =>
  (config: string): string =>
    config
      .replace("services = [", 'services = [\n    (name = "bare", worker = .bare),')
      .replace("sockets = [", 'sockets = [(name = "bare", http = (), service = "bare"), ').concat(`
const bare :Workerd.Worker = (
  modules = [(name = "bare.js", esModule = embed "bare.js")],
  compatibilityDate = "2026-10-01",
  durableObjectNamespaces = [(className = "${className}", uniqueKey = "bench-${className}", enableSql = true)],
  durableObjectStorage = (localDisk = "data"),
  bindings = [(name = "BARE", durableObjectNamespace = "${className}")],
);
`);
