/**
 * Slips of the hand in the domains that most people have. Only spellings that nobody else uses stand here: what is one
 * letter away from a provider may be another provider (mail.com, ymail.com), so no distance is measured.
 */

const TYPOS_BY_DOMAIN: Readonly<Record<string, string>> = {
  "gmail.com":
    "gmial.com gmai.com gmal.com gamil.com gmil.com gnail.com gmaill.com gmaiil.com ggmail.com gmsil.com gmaol.com gmaul.com gmail.co gemail.com gimail.com gmali.com gamail.com gmauil.com",
  "googlemail.com": "googlemial.com googelmail.com goglemail.com googlmail.com",
  "hotmail.com":
    "hotmial.com hotmal.com hotmai.com hotnail.com homtail.com hotmil.com hotamil.com hotmaill.com hotmali.com hormail.com htomail.com hotmsil.com hotmail.co hitmail.com hoymail.com",
  "hotmail.co.uk": "hotmial.co.uk hotmal.co.uk hotmai.co.uk hotnail.co.uk hotmail.couk",
  "outlook.com":
    "outlok.com outloook.com outllok.com oulook.com outlool.com outloo.com outlook.co otulook.com",
  "yahoo.com":
    "yaho.com yahooo.com yhaoo.com yahho.com yaoo.com yhoo.com yahoo.co yahou.com yaboo.com",
  "yahoo.co.uk": "yaho.co.uk yahooo.co.uk yhaoo.co.uk yahoo.couk",
  "icloud.com": "iclod.com icould.com iclould.com icloud.co icoud.com iclud.com icluod.com",
  "aol.com": "aoll.com aol.co",
};

/** Endings that stand for .com where the rest is a provider's name; `.cm` and `.om` are countries elsewhere. */
const COM_TYPOS =
  "con cmo ocm comm vom xom cim coom cpm cm om cok coml dom coim clm cin come ccom cxom";

/** Their name before any ending can mean nothing else. */
const PROVIDERS = "gmail googlemail hotmail outlook yahoo icloud aol".split(" ");

const DOMAIN_BY_TYPO: ReadonlyMap<string, string> = new Map([
  ...Object.entries(TYPOS_BY_DOMAIN).flatMap(([domain, typos]) =>
    typos.split(" ").map((typo) => [typo, domain] as const),
  ),
  ...PROVIDERS.flatMap((name) =>
    [...COM_TYPOS.split(" ").map((ending) => `${name}.${ending}`), `${name}com`, name].map(
      (typo) => [typo, `${name}.com`] as const,
    ),
  ),
  ...["hotmail", "yahoo", "live"].flatMap((name) =>
    ["couk", "co.ku", "c.uk", "co.u", "co.uk.com"].map(
      (ending) => [`${name}.${ending}`, `${name}.co.uk`] as const,
    ),
  ),
  ...["hotmailcouk", "yahoocouk", "livecouk", "gmxde", "gmxnet", "webde"].map(
    (typo) =>
      [typo, typo.replace(/couk$/, ".co.uk").replace(/^(gmx|web)(?=de|net)/, "$1.")] as const,
  ),
]);

/** The domain that was meant, or null when the one given is no known slip. */
export function domainMeant(domain: string): string | null {
  return DOMAIN_BY_TYPO.get(domain) ?? null;
}
