/**
 * How mail providers deliver: which spellings of an address reach the same mailbox. Data, so that a policy can add to
 * it; only what a provider says of itself stands here, because a rule that is wrong makes one person of two strangers.
 */

export interface EmailRule {
  readonly domains: readonly string[];
  /** The domain that all of them are another name of, or null where each is its own. */
  readonly home: string | null;
  readonly ignoresDots: boolean;
  /** What begins a tag: all from there on is not part of the mailbox. */
  readonly tag: "+" | "-" | null;
}

export interface EmailPolicy {
  /** The first rule that names a domain counts: own ones stand before EMAIL_RULES. */
  readonly rules: readonly EmailRule[];
  /** Domains that give addresses away for an hour; null where nobody has brought the list. */
  readonly disposable: ReadonlySet<string> | null;
}

const inCountries = (name: string, endings: string) =>
  endings.split(" ").map((ending) => `${name}.${ending}`);

export const EMAIL_RULES: readonly EmailRule[] = [
  { domains: ["gmail.com", "googlemail.com"], home: "gmail.com", ignoresDots: true, tag: "+" },
  {
    domains: [
      ...inCountries(
        "outlook",
        "com at be cl cz de dk es fr hu ie in it jp kr lv my ph pt sa sg sk co.id co.il co.th com.ar com.au com.br com.gr com.tr com.vn",
      ),
      ...inCountries(
        "hotmail",
        "com at be ca ch cl cz de dk es fi fr gr hu it lt lv my nl no ph pt rs se sg sk co.id co.il co.in co.jp co.kr co.nz co.th co.uk co.za com.ar com.au com.br com.hk com.tr com.tw com.vn",
      ),
      ...inCountries(
        "live",
        "com at be ca cl cn de dk fi fr hk ie in it jp nl no ph pt ru se co.kr co.uk co.za com.ar com.au com.mx com.my com.ph com.pt com.sg",
      ),
      ...inCountries("msn", "com"),
      ...inCountries("passport", "com"),
      ...inCountries("windowslive", "com"),
    ],
    home: null,
    ignoresDots: false,
    tag: "+",
  },
  { domains: ["icloud.com", "me.com", "mac.com"], home: null, ignoresDots: false, tag: "+" },
  {
    domains: [
      ...inCountries(
        "yahoo",
        "com at be bg ca cl cz de dk ee es fi fr gr hr hu ie in it lt lv nl no pl pt ro rs ru se si sk co.id co.il co.in co.jp co.kr co.nz co.th co.uk co.za com.ar com.au com.br com.cn com.co com.hk com.mx com.my com.pe com.ph com.sg com.tr com.tw com.ua com.ve com.vn",
      ),
      "ymail.com",
      "rocketmail.com",
      "myyahoo.com",
    ],
    home: null,
    ignoresDots: false,
    tag: "-",
  },
  {
    domains: ["ya.ru", ...inCountries("yandex", "ru by com kz ua com.tr az ee lt lv md uz")],
    home: "yandex.ru",
    ignoresDots: false,
    tag: "+",
  },
  {
    domains: ["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
    home: "proton.me",
    ignoresDots: true,
    tag: "+",
  },
  {
    domains: ["fastmail.com", "fastmail.fm", "mailbox.org", "posteo.de", "posteo.net"],
    home: null,
    ignoresDots: false,
    tag: "+",
  },
  {
    domains: ["zoho.com", "zohomail.com", "zoho.eu", "runbox.com"],
    home: null,
    ignoresDots: false,
    tag: "+",
  },
];

/** Nobody's rules beside the built-in ones, and no list of disposable domains: what the edge can carry. */
export const EMAIL_POLICY: EmailPolicy = { rules: EMAIL_RULES, disposable: null };

const ruleByDomainOf = new WeakMap<readonly EmailRule[], ReadonlyMap<string, EmailRule>>();

/** The first rule that names the domain, so that own rules stand before the built-in ones. */
export function ruleOf(rules: readonly EmailRule[], domain: string): EmailRule | undefined {
  let ruleByDomain = ruleByDomainOf.get(rules);
  if (ruleByDomain === undefined) {
    const reversed = rules.toReversed();
    ruleByDomain = new Map(
      reversed.flatMap((rule) => rule.domains.map((each) => [each, rule] as const)),
    );
    ruleByDomainOf.set(rules, ruleByDomain);
  }
  return ruleByDomain.get(domain);
}
