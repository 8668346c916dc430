/** Words beside the names themselves, folded: titles, what follows a name, and what binds to the family name. */

const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Only such as are nobody's name: Don, Major, Hon and Ing stay. */
export const TITLES = setOf(`
  mr mrs ms miss mx mister master sir dame lord lady dr doctor prof professor rev reverend capt sgt
  herr hr frau fraulein frl monsieur mme madame mlle mademoiselle mevr mevrouw dhr meneer mijnheer
  signor signora signorina senor senora senorita sra srta dott dottssa dipl fru`);

export const COUPLERS = setOf("and und et e y en");

/** After the name, whatever stands before them. */
export const HONOURS = setOf("phd dphil esq esquire obe mbe cbe dds msc bsc mba llb llm frcs");
/** After the name, but also names: only behind a comma. */
export const HONOURS_BEHIND_COMMA = setOf("md ba ma rn cpa jd rev dr prof mr mrs ms miss sir ret");

export const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ["jr", "jr"],
  ["jnr", "jr"],
  ["junior", "jr"],
  ["sr", "sr"],
  ["snr", "sr"],
  ["senior", "sr"],
  ["ii", "ii"],
  ["2nd", "ii"],
  ["iii", "iii"],
  ["3rd", "iii"],
  ["iv", "iv"],
  ["4th", "iv"],
]);

/** Stand before a family name and belong to it. */
export const PARTICLES = setOf(`
  van von vom der den dem de del della dello dei degli di da das do dos du la le las los lo dal dalla zu zum zur af av
  al el ul bin ibn bint abu ter ten te op het t st saint san santa mc mac`);
/** Particles that are given names too; a name may begin with them. */
export const PARTICLES_OR_NAMES = setOf(
  "van al el di da do le la lo san bin mac st saint santa das ten te",
);
/** Between two family names. */
export const JOINERS = setOf("y i");
/** Written apart or together: Mc Donald. */
export const ATTACHED = setOf("mc mac");
/** Behind an O: elsewhere the O is an initial (John O. Smith). */
export const BEHIND_O = setOf(`
  boyle brien bryan byrne callaghan carroll connell connor conor dea doherty donnell donoghue donovan dowd driscoll dwyer
  farrell flaherty flynn gorman grady hagan halloran hanlon hara hare keefe keeffe kelly kane leary loughlin mahoney
  mahony malley meara neal neil neill rahilly regan reilly riordan rourke shaughnessy shea sullivan toole`);

/** What follows is the name of birth. */
export const BORN = setOf("nee geb geborene geboren born formerly aka");

/** What forms are filled with when nobody gives a name. */
export const PLACEHOLDERS = setOf(
  "unknown anonymous guest noname unbekannt inconnu desconocido xxx xxxx notgiven notprovided nana",
);
