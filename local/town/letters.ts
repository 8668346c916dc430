/** Letters and digits as ids and addresses need them. */

export const digits = (value: number, width: number): string => String(value).padStart(width, "0");

/** Letters that any mail system takes. */
export const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, "");
