declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("../src/worker.ts");
    durableNamespaces: "Directory" | "Inbox" | "ProfileShard" | "Registry";
  }
  interface Env extends Readonly<import("../src/environment.ts").Env> {}
}
