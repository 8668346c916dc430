/** Other forms of the same name: what friends say, what an ear writes down, and what a keyboard without accents gives. */

const pairs = (text: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    text
      .trim()
      .split(/\s+/)
      .map((entry) => {
        const [name = "", others = ""] = entry.split("=");
        return [name, others.split(",")] as const;
      }),
  );

export const NICKNAMES = pairs(`
  Margaret=Maggie,Peggy,Meg Susan=Sue,Susie Patricia=Pat,Trish Christine=Chris,Tina Mary=Molly,Polly Barbara=Babs
  Catherine=Cathy,Kate Katherine=Kate,Katie,Kathy Elizabeth=Liz,Beth,Betty,Libby Sandra=Sandy Dorothy=Dot,Dolly
  Kathleen=Kath,Kathy Judith=Judy Valerie=Val Gillian=Gill Rosemary=Rose Pauline=Polly Maureen=Mo
  David=Dave,Davy John=Jack,Johnny Peter=Pete Michael=Mike,Mick Robert=Bob,Rob,Bobby Stephen=Steve Philip=Phil
  Anthony=Tony Christopher=Chris,Kit Geoffrey=Geoff William=Bill,Will,Billy Kenneth=Ken Raymond=Ray Ronald=Ron
  Terence=Terry Frederick=Fred,Freddie Leslie=Les Nicola=Nicky Joanne=Jo Michelle=Shelly Samantha=Sam,Sammy
  Rebecca=Becky,Becca Rachel=Rach Victoria=Vicky,Tori Amanda=Mandy Jennifer=Jenny,Jen Natalie=Nat Louise=Lou
  Andrew=Andy,Drew Richard=Rick,Dick,Richie Matthew=Matt James=Jim,Jimmy,Jamie Daniel=Dan,Danny Steven=Steve
  Jonathan=Jon,Jonny Benjamin=Ben Nicholas=Nick Thomas=Tom,Tommy Olivia=Liv,Livvy Emily=Em,Milly Jessica=Jess
  Amelia=Millie,Amy Charlotte=Lottie,Charlie Isabella=Bella,Izzy Megan=Meg Oliver=Ollie Joshua=Josh Samuel=Sam
  Joseph=Joe Jacob=Jake Alexander=Alex,Sandy Małgorzata=Gosia Łukasz=Luke Ethan=Eth Lewis=Lew`);

/** The same to the ear. */
export const SOUND_ALIKES = pairs(`
  Smith=Smyth,Smythe Brown=Browne Clarke=Clark Clark=Clarke Taylor=Tayler,Tailor Davies=Davis Davis=Davies
  Thompson=Thomson,Tompson Phillips=Philips Reid=Reed,Read Stewart=Stuart Gray=Grey Matthews=Mathews Allen=Allan,Alan
  Harris=Haris Hughes=Hews Walker=Wolker Philip=Phillip,Filip Elliott=Eliot,Elliot Kelly=Kelley Murphy=Murphey
  Lee=Leigh,Li Moore=More,Moor Morris=Maurice Cook=Cooke Marshall=Marshal Russell=Russel Jenkins=Jenkyns
  Nguyen=Nwen,Newin Kowalski=Kovalski Hussain=Hussein,Husain Hussein=Hussain Ahmed=Ahmad Patel=Patell
  Chaudhry=Choudhury,Chowdhury Kaur=Cour Shah=Sha Singh=Sing Khan=Kahn O'Brien=OBrian,O'Brian McDonald=MacDonald
  MacLeod=McCloud McCarthy=McCarty Fraser=Frazer Fletcher=Flecher Powell=Powel Bailey=Bayley,Baillie
  Catherine=Kathryn,Katherine Katherine=Catherine,Kathryn Stephen=Steven Steven=Stephen Geoffrey=Jeffrey
  Ann=Anne Sarah=Sara Claire=Clare Rachel=Rachael Rebecca=Rebekah Nicola=Nichola Jonathan=Johnathan Graham=Graeme
  Alan=Allan Mark=Marc Sophie=Sofie Zoë=Zoey Chloe=Khloe Megan=Meghan Isla=Ila Lily=Lilly Katie=Katy Hannah=Hanna
  Mohammed=Muhammad,Mohamed Muhammad=Mohammed Yusuf=Yousef Aisha=Ayesha Maryam=Mariam Fatima=Fatimah Callum=Calum
  Stuart=Stewart Ian=Iain Gillian=Jillian Lesley=Leslie Teresa=Theresa Siân=Sharn Lewis=Louis Rhys=Reece
  Christopher=Kristopher Michelle=Mishelle Elizabeth=Elisabeth Emily=Emilie Jessica=Jesica Matthew=Mathew`);

/** For what is in no list, as an ear would write it; the first rule that applies is taken. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/ph/, "f"],
  [/ck/, "k"],
  [/bourne$/, "burn"],
  [/worth$/, "werth"],
  [/ley$/, "ly"],
  [/ie$/, "y"],
  [/ough/, "uff"],
  [/([lmnprst])\1/, "$1"],
  [/ee/, "ea"],
  [/y$/, "ie"],
  [/^C(?=[aou])/, "K"],
  [/ham$/, "am"],
  [/sen$/, "son"],
  [/er$/, "ar"],
  [/on$/, "en"],
  [/o/, "oh"],
];

/** Every respelling of a name that an ear might choose. */
export function soundAlikesOf(name: string): readonly string[] {
  const listed = SOUND_ALIKES.get(name);
  if (listed) return listed;
  const rule = rules.find(([pattern]) => pattern.test(name));
  return rule ? [name.replace(rule[0], rule[1])] : [];
}

const letters = new Map(
  Object.entries({ ø: "oe", Ø: "O", ł: "l", Ł: "L", ß: "ss", ü: "ue", ö: "oe", ä: "ae", Ő: "O" }),
);

/** As somebody writes it who keeps the sound: Müller, Mueller. */
export const transliterate = (name: string): string =>
  withoutMarks(name.replaceAll(/[^a-z]/gi, (letter) => letters.get(letter) ?? letter));

/** As a system writes it that knows 26 letters: Müller, Muller. */
export const withoutAccents = (name: string): string =>
  withoutMarks(
    name.replaceAll("ł", "l").replaceAll("Ł", "L").replaceAll("ø", "o").replaceAll("ß", "ss"),
  );

const withoutMarks = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "");
