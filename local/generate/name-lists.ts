/**
 * Names in order of how common they are, for Britain as its shops meet it. Order is what makes strangers share a full
 * name as often as they do; a flat list of names would make matching by name look easy.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const FAMILY_NAMES = words(`
  Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts
  Green Hall Khan Wood Jackson Clarke Lewis Harris Hughes Turner Martin Cooper Edwards Ahmed Hill Moore Clark Ward
  Singh Morris Morgan Harrison Watson Ali Scott Baker King Allen Anderson Phillips Mitchell James Lee Hussain Bennett
  Young Parker Cook Bell Begum Davis Shaw Campbell Price Miller Kaur Richardson Cox Carter Marshall Collins Simpson
  Gray Stewart Adams Kelly Murphy Bailey Ellis Murray Richards Wilkinson Foster Mason Chapman Graham Webb Powell Mills
  Gibson Hunt Lloyd Palmer Holmes Matthews Reid Owen Russell Knight Barnes Rogers Stevens Butler Fisher Shah Jenkins
  Pearson Dixon Fletcher Hunter Hussein Harvey Fraser Andrews Howard Kennedy Elliott Ford Hamilton Reynolds Nguyen Kowalski
  Chaudhry O'Brien O'Connor McDonald McCarthy MacLeod`);

/** Written with letters that many tills cannot type. */
export const ACCENTED_FAMILY_NAMES = words(`
  Müller García Núñez Łukasik Jørgensen Gonçalves Kovács Wójcik Şahin Čapek Sjöberg Grünwald López Martínez Größ
  Dąbrowski Fernández Björk Lefèvre Őry`);

/** Put together they are names that a few families bear, as most names of a real town are. */
export const NAME_STEMS = words(`
  Ash Black Brad Brig Burn Cal Chad Clay Cold Crow Dal Den East Elm Farn Fen Gold Green Had Hart Hazel Hol Ink
  Kel Kirk Lang Lin Long Mar Mel Mor North Oak Pem Pen Raven Red Ring Rother Sel Shep Stan Stock Sut Thorn Wake
  Wal West Whit Win Wood Wool`);
export const NAME_ENDINGS = words(`
  bourne bridge brook bury by combe cott croft dale den field ford gate grave ham hurst land ley low man mere more
  ridge shaw stead stone thorpe ton wick well wood worth`);

interface Cohort {
  /** The last year of birth that has these names. */
  readonly until: number;
  readonly f: readonly string[];
  readonly m: readonly string[];
}

/** A name says how old somebody is: a town of one fashion would have too few namesakes within a generation. */
export const COHORTS: readonly Cohort[] = [
  {
    until: 1964,
    f: words(`
      Margaret Susan Patricia Christine Mary Linda Jean Carol Barbara Sheila Ann Janet Catherine Elizabeth Maureen
      Pauline Sandra Dorothy Joan Valerie Brenda Kathleen Gillian Judith Rosemary Eileen Marilyn Hazel Sylvia Fatima`),
    m: words(`
      David John Peter Michael Alan Robert Stephen Paul Brian Graham Philip Anthony Colin Christopher Geoffrey William
      Kenneth Roger Keith Derek Raymond Ronald Terence Malcolm Barry Trevor Mohammed Frederick Gordon Leslie`),
  },
  {
    until: 1992,
    f: words(`
      Sarah Claire Nicola Emma Lisa Joanne Michelle Helen Samantha Karen Laura Rebecca Gemma Rachel Kelly Victoria
      Katherine Amanda Jennifer Hannah Zoë Natalie Chloë Sophie Siân Louise Amy Aisha Małgorzata Renée`),
    m: words(`
      Paul Mark Andrew David Richard Matthew James Daniel Christopher Simon Robert Lee Michael Steven Jonathan Stuart
      Gary Ian Adam Thomas Benjamin Nicholas Mohammed Craig Anthony Gareth José Jürgen Søren Łukasz`),
  },
  {
    until: 2100,
    f: words(`
      Olivia Emily Jessica Sophie Chloe Amelia Grace Ella Mia Lily Charlotte Hannah Megan Lucy Isabella Ruby Daisy
      Katie Freya Millie Eve Molly Holly Imogen Zara Maryam Zoë Noémie Zofia Isla`),
    m: words(`
      Jack Thomas Oliver Joshua Harry Daniel James Charlie William Samuel George Joseph Alfie Benjamin Muhammad Jacob
      Ethan Lewis Luke Callum Ryan Alexander Max Dylan Logan Tyler Yusuf René Oskar Rhys`),
  },
];

/** Twins are often named alike, so that an initial or a slip turns one into the other. */
export const TWIN_NAMES: readonly (readonly [string, string])[] = [
  ["Anna", "Hannah"],
  ["Ella", "Ellie"],
  ["Daniel", "David"],
  ["Jake", "Jack"],
  ["Mia", "Maya"],
  ["Harry", "Henry"],
  ["Amelia", "Emilia"],
  ["Aiden", "Jaiden"],
];
