/** Slips of the hand at one place of a text: what typing errors are made of, here and in generated records. */

/** The letter at the place and the next change places. */
export const transpose = (text: string, at: number): string =>
  `${text.slice(0, at)}${text.charAt(at + 1)}${text.charAt(at)}${text.slice(at + 2)}`;

/** The letter after the place is left out: the first letter of a name is seldom forgotten. */
export const leaveOutAfter = (text: string, at: number): string =>
  `${text.slice(0, at + 1)}${text.slice(at + 2)}`;

export const double = (text: string, at: number): string =>
  `${text.slice(0, at)}${text.charAt(at)}${text.slice(at)}`;
