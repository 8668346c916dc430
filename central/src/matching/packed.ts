/** Features of many records in a form that is handed to a thread at once: each text a single time, each record as numbers. */
import type { Features } from "./features.ts";
import { sharedInts } from "./filed.ts";
import { createLexicon, OF_A_BATCH, localPartOf, type Prepared, type Word } from "./prepare.ts";
import type { KnownRecords } from "./tasks.ts";

export interface PackedRecords {
  readonly count: number;
  /** Number 0 is nothing. */
  readonly texts: readonly string[];
  /** For each record the numbers of its texts, in the order of `FIELDS`; of names the list as JSON. */
  readonly numbers: Int32Array;
}

const FIELDS: readonly (keyof Features)[] = [
  "given",
  "family",
  "suffix",
  "birth",
  "gender",
  "email",
  "phone",
  "identifier",
  "number",
  "road",
  "locality",
  "city",
  "region",
  "postcode",
  "birthPlace",
  "occupation",
];

export function packRecords(features: readonly Features[]): PackedRecords {
  const texts = [""];
  const numberOf = new Map<string, number>();
  const numbers = sharedInts(features.length * FIELDS.length);
  let next = 0;
  for (const each of features) {
    for (const field of FIELDS) {
      const value = each[field];
      const text =
        typeof value === "string" ? value : value.length === 0 ? "" : JSON.stringify(value);
      if (text !== "") {
        let number = numberOf.get(text);
        if (number === undefined) {
          number = texts.length;
          numberOf.set(text, number);
          texts.push(text);
        }
        numbers[next] = number;
      }
      next++;
    }
  }
  return { count: features.length, texts, numbers };
}

/** What is worked out once for a list of names, however many have them. */
interface Names {
  readonly list: string[];
  readonly words: readonly Word[];
  readonly whole: Word | null;
}

/** Each record is made ready when it is asked for: what `prepare` would make of it, with a look at no text for a second time. */
export function unpackRecords({ count, texts, numbers }: PackedRecords): KnownRecords {
  const lexicon = createLexicon(OF_A_BATCH);
  const prepared: (Prepared | undefined)[] = Array.from({ length: count });
  const textOf = (number: number): string => texts[number] ?? "";
  const wordOf = remembered((number) => (number === 0 ? null : lexicon.word(textOf(number))));
  const localOf = remembered((number) => {
    const local = localPartOf(textOf(number));
    return local === "" ? null : lexicon.word(local);
  });
  const namesOf = remembered((number): Names => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `packRecords`, from a list of texts
    const list = number === 0 ? [] : (JSON.parse(textOf(number)) as string[]);
    const whole = list.join(" ");
    return {
      list,
      words: list.map((name) => lexicon.word(name)),
      whole: whole === "" ? null : lexicon.word(whole),
    };
  });
  function unpack(place: number): Prepared {
    const from = place * FIELDS.length;
    const numberOf = (field: number): number => numbers[from + field] ?? 0;
    const text = (field: number): string => textOf(numberOf(field));
    const [given, family] = [namesOf(numberOf(0)), namesOf(numberOf(1))];
    const word = (at: number): Word | null => (given.list[at] ? (given.words[at] ?? null) : null);
    return {
      features: {
        given: given.list,
        family: family.list,
        suffix: text(2),
        birth: text(3),
        gender: text(4),
        email: text(5),
        phone: text(6),
        identifier: text(7),
        number: text(8),
        road: text(9),
        locality: text(10),
        city: text(11),
        region: text(12),
        postcode: text(13),
        birthPlace: text(14),
        occupation: text(15),
      },
      given: word(0),
      middle: word(1),
      family: family.whole,
      familyParts: family.words,
      suffix: wordOf(numberOf(2)),
      birth: wordOf(numberOf(3)),
      gender: wordOf(numberOf(4)),
      email: wordOf(numberOf(5)),
      emailLocal: localOf(numberOf(5)),
      phone: wordOf(numberOf(6)),
      identifier: wordOf(numberOf(7)),
      number: wordOf(numberOf(8)),
      road: wordOf(numberOf(9)),
      locality: wordOf(numberOf(10)),
      city: wordOf(numberOf(11)),
      region: wordOf(numberOf(12)),
      postcode: wordOf(numberOf(13)),
      birthPlace: wordOf(numberOf(14)),
      occupation: wordOf(numberOf(15)),
    };
  }
  return { count, at: (place) => (prepared[place] ??= unpack(place)), lexicon };
}

function remembered<Value>(find: (number: number) => Value): (number: number) => Value {
  const known = new Map<number, Value>();
  return (number) => {
    const value = known.get(number);
    if (value !== undefined) return value;
    const found = find(number);
    known.set(number, found);
    return found;
  };
}
