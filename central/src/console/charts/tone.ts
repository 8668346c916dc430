/** Classes that colour a part of a picture: a series, what it is compared with, or how something stands. */
export type Series = "c1" | "c2" | "c3" | "c4" | "c5" | "c6" | "past";
export type Standing = "good" | "waiting" | "bad" | "serious" | "none";

/** Short numbers: a picture needs no more digits. */
export const short = (value: number): string => Number(value.toFixed(1)).toString();
