/**
 * What makes a record hard to give to its customer, hardest first. A record is labelled with the first case that is true
 * of it, so that an evaluation can say where its errors are; a case is true only if the record's own fields show it.
 */
export const CASES = [
  /** The till wants a value and gets the shop's own, or zeros: one value on hundreds of strangers (IDN3, IDN4). */
  "store_tablet",
  /** An operator gives a number to a stranger: equal phones, years apart, prove nothing. */
  "recycled_phone",
  /** A stranger has the same name and the same birthday: of what many rules take for proof, nothing is left. */
  "namesake",
  /** Family name, birthday and home in common; only a given name, often a similar one, tells them apart. */
  "twins",
  /** Father and son of one name at one address; the suffix is seldom written. */
  "senior_junior",
  /** A child gives the mother's number: two people who may never become one. */
  "parent_child",
  /** The family's address for mail. */
  "shared_email",
  /** The family's landline. */
  "shared_phone",
  /** The same person under a second card number: equal cards prove, unequal cards must not refute. */
  "lost_card",
  /** The family name is another one than in earlier records; birthday and often e-mail stay. */
  "married_name",
  /** The address is another one than in earlier records. */
  "moved",
  /** The e-mail, or the phone, is another one than in earlier records. */
  "new_email",
  "new_phone",
  /** Given and family name in each other's field. */
  "swapped_names",
  /** The whole name in one field. */
  "name_in_one_field",
  /** 1 January 1900 for "not asked": one birthday for hundreds. */
  "default_date",
  /** Day and month exchanged: the date is possible, and another one. */
  "transposed_date",
  /** A scanned form: 0 for O, 1 for l, rn for m, 5 for S. */
  "ocr",
  /** A name heard on the telephone and written by ear. */
  "voice",
  /** What friends say. */
  "nickname",
  /** The first letter of the given name. */
  "initial",
  /** A slip of the hand: neighbouring key, transposed, left out, doubled. */
  "typo",
  /** Accents lost, or spelt out. */
  "transliterated",
  /** A birth date that is right in another notation. */
  "date_format",
  /** Strangers behind the same number of the same street: a flat that is not written, or who lived there before. */
  "same_address",
  /** Known by a name that others have too, without card or e-mail. */
  "common_name",
  /** One way to know the customer and nothing beside it. */
  "missing",
  /** A purchase in the web shop without an account: never a card. */
  "guest",
  "plain",
] as const;

export type Case = (typeof CASES)[number];

/** "plain" when there are none. */
export const mainCaseOf = (cases: ReadonlySet<Case>): Case =>
  CASES.find((each) => cases.has(each)) ?? "plain";
