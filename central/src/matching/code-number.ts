/** Numbers of the codes that records are filed under: the same in a batch and in the database of an arrival. */

/**
 * 53 bits of a text, mixed by multiplication (after cyrb53): quick, and two codes that should share a number would only
 * make a few more records meet.
 */
export function numberOfCode(code: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < code.length; at++) {
    const unit = code.charCodeAt(at);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high =
    Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low =
    Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
