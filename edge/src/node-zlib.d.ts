/** The part of it that the Worker uses: Node's own types would promise it all of Node. */
declare module "node:zlib" {
  /** Throws a `RangeError` when more comes out of it, and another error when it is not whole. */
  export function gunzipSync(
    packed: Uint8Array,
    options: { readonly maxOutputLength: number },
  ): Uint8Array;
}
