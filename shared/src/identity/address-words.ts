/** Words of postal addresses, folded, each with the one form that all its spellings become. */

function formsOf(table: string): ReadonlyMap<string, string> {
  return new Map(
    table
      .trim()
      .split(/\s*;\s*/)
      .flatMap((entry) => {
        const [form = "", ...spellings] = entry.split(/\s+/);
        return [form, ...spellings].map((spelling) => [spelling, form] as const);
      }),
  );
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** English: behind the name of the road. */
export const STREET_TYPES = formsOf(`
  street st strt; road rd; avenue ave av aven avenu; boulevard blvd boul bvd blv; drive dr drv; lane ln la; court ct crt;
  place pl plc; square sq sqr; terrace ter terr tce tr; crescent cres cr crs cresc; close cl clse; grove gr grv gve; gardens gdns gdn garden gds;
  highway hwy hway hiway; parkway pkwy pky pkway; circle cir circ crcl; trail trl; way wy; parade pde prd; esplanade esp espl; alley aly ally;
  mews mws; row; walk wlk; rise; drove; quay qy; circuit cct crct; promenade prom; expressway expy expwy; freeway fwy; turnpike tpke; plaza plz;
  loop; path; pike; causeway cswy; bypass byp; crossing xing crossg; heights hts; ridge rdg; hollow holw; yard; gate; broadway; wynd; vale;
  glade; link; mall; strip; concourse; retreat rtt; outlook; approach app; arcade arc; route rte`);
/** Names of roads end with these, and names of much else: they end a road only where nothing better does. */
export const WEAK_STREET_TYPES = setOf(
  "hill park view green bank end rise field fields point bridge head heights vale gate",
);

/** Romance and others: before the name of the road. */
export const LEADING_STREET_TYPES = formsOf(`
  rue; chemin chem che; impasse imp; allee; quai; faubourg fg fbg; route rte; cours; passage; boulevard bd bld boul blvd;
  avenue ave av; place pl; ruelle; sentier; montee;
  calle cl c; avenida avda avd; plaza pza pzza plza; paseo pso; carretera ctra; camino cno; ronda; travesia trva; rambla; carrer; passeig; carrera cra;
  via; viale vle; piazza pzza; corso cso; largo lgo; vicolo vico; strada; piazzale ple; lungomare; contrada cda; vicolo;
  rua; travessa; praca pca; estrada; jalan jl; ulica ul ulitsa; prospekt pr; naberezhnaya nab; strada; bulevardul bdul; aleja al`);

/** Germanic and Nordic: the end of one word, or a word behind the name. */
const TRAILING_ENDINGS =
  "strasse|str|gasse|weg|platz|allee|ring|damm|ufer|steig|chaussee|graben|markt|straat|laan|plein|gracht|kade|singel|dijk|hof|steeg|pad|" +
  "vej|gade|alle|gatan|vagen|gata|gate|vei|veien|katu|tie|utca|kuja|stien|torv|strase";
export const TRAILING_STREET = new RegExp(
  `^(?:.{2,}(?:${TRAILING_ENDINGS})|(?:${TRAILING_ENDINGS}))$`,
);
/** English words and places that end like one. */
export const NOT_TRAILING_STREET = setOf(
  "square newgate moorgate bishopsgate aldgate highgate margate ramsgate reigate harrogate gate hof alle castletie necktie marriage ring tie pad markt singel",
);
/** Stand before the name of such a road and belong to it. */
export const BEFORE_TRAILING = setOf(
  "alte alter neue neuer obere unterer untere kleine grosse lange kurze hintere vordere hohe am an der im in auf den dem zum zur van de het oude nieuwe korte sankt st",
);

export const DIRECTIONS = formsOf(
  "north n nth; south s sth; east e; west w; northeast ne; northwest nw; southeast se; southwest sw",
);

/** Before the number of a part of a building. */
export const UNIT_WORDS = setOf(`
  flat flt fl apt apartment appartment apmt unit suite ste room rm shop studio office lot villa bldg wohnung whg appt appartement
  int interno piso puerta pta dpto depto departamento bus kv ap lejlighed maisonette penthouse`);
export const FLOOR_WORDS = setOf(
  "floor fl flr level lvl storey etage og stock obergeschoss piano planta verdieping et",
);
export const ORDINAL =
  /^(?:\d+(?:st|nd|rd|th|o|a|e|er|eme)|ground|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|top|lower|upper)$/;

/** Ends of what a building is called, before a road in the same line. */
export const BUILDING_WORDS = setOf(
  "house centre center park building bldg mall hall hotel court tower towers lodge cottage farm estate works institute club mansions chambers plaza",
);

/** Whatever stands in a field that nobody wanted to fill. */
export const PLACEHOLDERS = setOf(
  "na none unknown nil null tbc tbd same asabove sameasabove notgiven notprovided xxx noaddress",
);

/** Cities of one word that people write behind a part of them without a comma. */
export const CITIES = setOf(`
  london manchester birmingham leeds liverpool sheffield bristol glasgow edinburgh cardiff belfast dublin brooklyn queens
  manhattan bronx nyc chicago houston philadelphia dallas seattle boston atlanta toronto montreal vancouver ottawa calgary
  sydney melbourne brisbane perth adelaide johannesburg paris lyon marseille berlin hamburg munchen
  koln wien zurich madrid barcelona roma milano amsterdam rotterdam bruxelles lisboa`);
export const BEFORE_CITY = setOf(
  "new east west north south old port fort saint st san la le el los greater lake mount great little nueva nuevo city of",
);

/** Counties and districts that people write behind the city, by country. */
export const COUNTIES: Readonly<Record<string, ReadonlySet<string>>> = {
  GB: new Set(
    `greater london, middlesex, surrey, kent, essex, hertfordshire, herts, bedfordshire, beds, berkshire, berks, buckinghamshire, bucks,
    oxfordshire, oxon, hampshire, hants, isle of wight, dorset, devon, somerset, cornwall, wiltshire, wilts, gloucestershire, glos, avon,
    east sussex, west sussex, sussex, norfolk, suffolk, cambridgeshire, cambs, huntingdonshire, northamptonshire, northants, leicestershire, leics,
    rutland, lincolnshire, lincs, nottinghamshire, notts, derbyshire, staffordshire, staffs, shropshire, salop, worcestershire, worcs,
    herefordshire, warwickshire, west midlands, cheshire, cheshire east, merseyside, greater manchester, lancashire, lancs, cumbria,
    west yorkshire, south yorkshire, north yorkshire, east yorkshire, yorkshire, east riding of yorkshire, county durham, co durham, durham county,
    tyne and wear, northumberland, cleveland, humberside, gwent, dyfed, powys, gwynedd, clwyd, mid glamorgan, south glamorgan, west glamorgan,
    carmarthenshire, pembrokeshire, ceredigion, monmouthshire, denbighshire, flintshire, anglesey, midlothian, west lothian, east lothian,
    fife, lanarkshire, ayrshire, renfrewshire, stirlingshire, perthshire, angus, aberdeenshire, dumfriesshire, argyll, inverness shire,
    county antrim, co antrim, county down, co down, county armagh, co armagh, county tyrone, co tyrone, county londonderry, fermanagh`
      .split(",")
      .map((name) => name.trim()),
  ),
};
