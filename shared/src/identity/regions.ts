/** States, provinces and nations within countries by name and code, folded: `CODE name, other name; CODE …`. */

const US = `AL alabama, ala; AK alaska; AZ arizona, ariz; AR arkansas, ark; CA california, calif, cal; CO colorado, colo;
CT connecticut, conn; DE delaware, del; DC district of columbia; FL florida, fla; GA georgia; HI hawaii;
ID idaho; IL illinois, ill; IN indiana, ind; IA iowa; KS kansas, kan, kans; KY kentucky; LA louisiana; ME maine;
MD maryland; MA massachusetts, mass; MI michigan, mich; MN minnesota, minn; MS mississippi, miss; MO missouri;
MT montana, mont; NE nebraska, neb, nebr; NV nevada, nev; NH new hampshire; NJ new jersey; NM new mexico, n mex;
NY new york, new york state; NC north carolina, n carolina; ND north dakota, n dakota; OH ohio; OK oklahoma, okla;
OR oregon, ore; PA pennsylvania, penn, penna; RI rhode island; SC south carolina, s carolina;
SD south dakota, s dakota; TN tennessee, tenn; TX texas, tex; UT utah; VT vermont; VA virginia; WA washington, wash;
WV west virginia, w virginia, w va; WI wisconsin, wis, wisc; WY wyoming, wyo; PR puerto rico; GU guam;
VI virgin islands, us virgin islands; AS american samoa; MP northern mariana islands; AA armed forces americas;
AE armed forces europe; AP armed forces pacific`;

const CA = `AB alberta, alta; BC british columbia, b c; MB manitoba, man; NB new brunswick, n b;
NL newfoundland and labrador, newfoundland, nfld, nf, labrador; NS nova scotia; NT northwest territories, nwt;
NU nunavut; ON ontario, ont; PE prince edward island, pei; QC quebec, que, pq; SK saskatchewan, sask; YT yukon, yukon territory, yk`;

const AU = `NSW new south wales, n s w; VIC victoria, vict; QLD queensland, q ld, qland; SA south australia, s australia, sth australia;
WA western australia, west australia, w australia; TAS tasmania, tassie; NT northern territory, nthn territory; ACT australian capital territory`;

const GB = `ENG england; SCT scotland; WLS wales, cymru; NIR northern ireland`;

const DE = `BW baden wurttemberg, baden wuerttemberg; BY bayern, bavaria; BE berlin; BB brandenburg; HB bremen; HH hamburg;
HE hessen, hesse; MV mecklenburg vorpommern; NI niedersachsen, lower saxony; NW nordrhein westfalen, north rhine westphalia, nrw;
RP rheinland pfalz, rhineland palatinate; SL saarland; SN sachsen, saxony; ST sachsen anhalt, saxony anhalt;
SH schleswig holstein; TH thuringen, thueringen, thuringia`;

function codesByName(table: string): ReadonlyMap<string, string> {
  return new Map(
    table.split(";").flatMap((entry) => {
      const [, code = "", names = ""] = /^\s*([A-Z]+)\s+([\s\S]+)$/.exec(entry) ?? [];
      return [code.toLowerCase(), ...names.split(",").map((name) => name.trim())].map(
        (name) => [name, code] as const,
      );
    }),
  );
}

/** Of each country whose regions are known: code by folded name or code. */
export const REGION_CODES: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries({ US, CA, AU, GB, DE }).map(([country, table]) => [country, codesByName(table)]),
);
