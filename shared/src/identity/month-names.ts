/** Months by the names that European languages give them, folded, whole or cut short. */

const MONTHS = [
  "january jan januar jaenner janner janvier janv enero ene gennaio gen januari janeiro styczen stycznia yanvar yanvarya januarie ianuarie tammikuu leden ledna",
  "february feb feber februar fevrier fevr fev febrero febbraio februari fevereiro luty lutego fevral fevralya febr helmikuu unor unora",
  "march mar marz maerz mars marzo maart mrt marco marzec marca mart marta maaliskuu brezen brezna mrz",
  "april apr avril avr abril abr aprile kwiecien kwietnia aprel aprelya huhtikuu duben dubna",
  "may mai mayo maggio mag mei maio maj maja mayya toukokuu kveten kvetna",
  "june jun juni juin junio giugno giu junho czerwiec czerwca iyun iyunya kesakuu cerven cervna",
  "july jul juli juillet juil julio luglio lug julho lipiec lipca iyul iyulya heinakuu cervenec cervence",
  "august aug aout agosto ago augustus sierpien sierpnia avgust avgusta elokuu srpen srpna augusti",
  "september sep sept septembre septiembre set settembre setembro wrzesien wrzesnia sentyabr sentyabrya syyskuu zari",
  "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernik pazdziernika oktyabr oktyabrya lokakuu rijen rijna",
  "november nov novembre noviembre novembro listopad listopada noyabr noyabrya marraskuu",
  "december dec dezember dez decembre diciembre dic dicembre dezembro grudzien grudnia dekabr dekabrya joulukuu prosinec prosince des desember",
];

const MONTH_BY_NAME: ReadonlyMap<string, number> = new Map(
  MONTHS.flatMap((names, at) => names.split(" ").map((name) => [name, at + 1] as const)),
);

/** Number of a month, from 1, or null when the folded word is no month's name. */
export function monthOf(word: string): number | null {
  return MONTH_BY_NAME.get(word) ?? null;
}
