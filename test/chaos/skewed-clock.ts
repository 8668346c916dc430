/** Preloaded into a process whose clock is to be wrong by `CHAOS_SKEW_MS`. */
const skewMs = Number(process.env["CHAOS_SKEW_MS"] ?? "0");
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    super(given[0] ?? RealDate.now() + skewMs);
  }
  static override now(): number {
    return RealDate.now() + skewMs;
  }
} as DateConstructor;
