/** Money as shops show it, "$25.00" or "1.234,50 €", as decimal text; null where it has two readings, or none. */

const SIGNS =
  /^(?:[A-Z]{3}|\p{Sc})?\s*(-?)\s*(?:[A-Z]{3}|\p{Sc})?\s*([\d.,' \u00A0\u202F]+?)\s*(?:[A-Z]{3}|\p{Sc})?$/u;

const DECIMAL_CHARS = 30;
const SHOWN_CHARS = 40;

export function looseDecimal(text: string): string | null {
  const trimmed = text.trim();
  // Numbers of programs have up to seventeen digits behind the point.
  if (trimmed.length <= DECIMAL_CHARS && /^-?\d{1,18}(\.\d+)?$/.test(trimmed)) return trimmed;
  if (trimmed.length > SHOWN_CHARS) return null;
  const [, sign = "", digits = ""] = SIGNS.exec(trimmed) ?? [];
  const plain = plainOf(digits.replaceAll(/['\u00A0\u202F ](?=\d{3}(?!\d))/g, ""));
  return plain === null ? null : sign + plain;
}

const GROUPED = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/;

function plainOf(digits: string): string | null {
  if (/^\d{1,18}$/.test(digits)) return digits;
  const last = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  const whole = digits.slice(0, last);
  const fraction = digits.slice(last + 1);
  if (/^\d{1,15}$/.test(whole) && /^\d{1,2}$/.test(fraction)) return `${whole}.${fraction}`;
  // 1.234,50: two kinds of separators, the last of them the decimal one.
  const [, separator] = GROUPED.exec(whole) ?? [];
  if (separator !== undefined && separator !== digits[last] && /^\d{1,2}$/.test(fraction)) {
    return `${whole.replaceAll(separator, "")}.${fraction}`;
  }
  // 1,234,567 has groups; 1,234 may be a little more than one.
  const isGrouped = GROUPED.test(digits) && digits.split(/[.,]/).length > 2;
  return isGrouped ? digits.replaceAll(/[.,]/g, "") : null;
}
