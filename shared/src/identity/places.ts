/** Countries and regions by the names that people give them; what is no known name gets no code. */
import codes from "i18n-iso-countries/codes.json" with { type: "json" };
import da from "i18n-iso-countries/langs/da.json" with { type: "json" };
import de from "i18n-iso-countries/langs/de.json" with { type: "json" };
import en from "i18n-iso-countries/langs/en.json" with { type: "json" };
import es from "i18n-iso-countries/langs/es.json" with { type: "json" };
import fr from "i18n-iso-countries/langs/fr.json" with { type: "json" };
import it from "i18n-iso-countries/langs/it.json" with { type: "json" };
import nl from "i18n-iso-countries/langs/nl.json" with { type: "json" };
import pl from "i18n-iso-countries/langs/pl.json" with { type: "json" };
import pt from "i18n-iso-countries/langs/pt.json" with { type: "json" };
import ru from "i18n-iso-countries/langs/ru.json" with { type: "json" };
import sv from "i18n-iso-countries/langs/sv.json" with { type: "json" };
import { z } from "zod";
import { foldWords } from "./fold.ts";
import { REGION_CODES } from "./regions.ts";

/** What people say and no list of official names has, and the own names of countries whose language has no list here. */
const SPOKEN = `GB uk, great britain, britain, england, scotland, wales, northern ireland, united kingdom of great britain, u k, gb eng, gb sct;
US usa, u s a, u s, united states, america, the states, us of a, estados unidos, etats unis, vereinigte staaten, eeuu, ee uu; IE eire, ireland, republic of ireland; NL holland, the netherlands, nederland, niederlande;
DE brd, deutschland, allemagne, germany; AT osterreich, oesterreich, austria; CH schweiz, suisse, svizzera, switzerland; CZ czech republic, cesko, ceska republika;
RU russia, russian federation; KR south korea, korea, republic of korea; KP north korea; TW taiwan; VN vietnam, viet nam; TR turkey, turkiye; AE uae, emirates, united arab emirates;
GR greece, hellas, ellada, ellas; HU magyarorszag, hungary; FI suomi; HR hrvatska; RO romania; BG balgariya; DK danmark; SE sverige; NO norge, noreg; IS island, iceland; EE eesti;
LV latvija; LT lietuva; SI slovenija; SK slovensko, slovak republic; AL shqiperi, shqiperia; RS srbija; UA ukraina; BY belarus; JP nippon, nihon, ri ben; CN zhongguo, china, prc, peoples republic of china; BR brasil; MX mexico;
ES espana; IT italia; FR france; PT portugal; PL polska; BE belgie, belgique, belgien; LU letzebuerg, letzebuurg; IM isle of man; JE jersey; GG guernsey; NZ new zealand, aotearoa; ZA south africa, rsa; CI ivory coast; MK macedonia; CV cape verde; MM burma; IR iran; SY syria; LA laos; TZ tanzania; VE venezuela; BO bolivia; MD moldova; PS palestine; VA vatican; CD congo kinshasa, drc; SZ swaziland; BN brunei`;

const namesSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const codesSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.string()]));

/** Made when the first country is asked for: a till that starts has a customer waiting. */
let knownCodes: ReadonlyMap<string, string> | null = null;

/** ISO 3166 alpha-2 of a country by name or code, or null. */
export function countryCodeOf(text: string): string | null {
  return countryOfFolded(foldWords(text).join(" "));
}

/** The same for a name that is folded already. */
export function countryOfFolded(name: string): string | null {
  knownCodes ??= codesByName();
  return knownCodes.get(name) ?? null;
}

/** The country's own short code of a state or province: "New York" in the US is NY, or null where it is not known. */
export function regionCodeOf(text: string, country: string | null): string | null {
  return country === null ? null : regionOfFolded(foldWords(text).join(" "), country);
}

/** The same for a name that is folded already. */
export function regionOfFolded(name: string, country: string): string | null {
  const known = REGION_CODES.get(country);
  return known?.get(name) ?? known?.get(name.replaceAll(" ", "")) ?? null;
}

function codesByName(): ReadonlyMap<string, string> {
  const codeByName = new Map<string, string>();
  const lists = [ru, sv, pt, pl, nl, da, it, fr, es, de, en];
  for (const { countries } of lists) {
    for (const [code, names] of Object.entries(namesSchema.parse(countries))) {
      for (const name of [names].flat()) setName(codeByName, name, code);
    }
  }
  for (const [, code = "", names = ""] of SPOKEN.matchAll(/([A-Z]{2})\s([^;]+)/g)) {
    for (const name of names.split(",")) setName(codeByName, name, code);
  }
  for (const [alpha2, alpha3] of codesSchema.parse(codes)) {
    setName(codeByName, alpha3, alpha2);
    setName(codeByName, alpha2, alpha2);
  }
  return codeByName;
}

function setName(codeByName: Map<string, string>, name: string, code: string): void {
  const folded = foldWords(name).join(" ");
  codeByName.set(folded, code);
  if (folded.startsWith("the ")) codeByName.set(folded.slice(4), code);
}
