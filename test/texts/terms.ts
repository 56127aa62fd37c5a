/** Terms that the glossary replaces, and what to write. They are looked for in English screen texts, whatever their case. */
const replacedTerms: readonly [term: RegExp, use: string][] = [
  [/\bmeasure[sd]?\b|\bmeasurements?\b/, 'signal, metric or query'],
  // A numbered line is one of a text.
  [/\blines?\b(?! …)|\breadings?\b/, 'series or point'],
  [/\bparts?\b|\bstretch(es)?\b|\bspans?\b/, 'interval or bucket'],
  [/\bwatch(es|ed)?\b/, 'rule'],
  [/\bjudge[sd]?\b|\bjudging\b|\blook(s|ed)? at\b/, 'evaluate'],
  [/\braised\b/, 'firing'],
  [/\btak(e|es|en)\b|\btook\b|\bin hand\b|\bneeds? someone\b|\bnobody\b/, 'acknowledge or owner'],
  [/\b(give|gave|given) back\b/, 'release'],
  [/\bmute[sd]?\b|\bw[ao]ken?s?\b/, 'snooze or silence'],
  [/\btellings?\b|\btold\b/, 'notification'],
  [/\bpictures?\b/, 'panel, chart or image'],
  [/\bchoices?\b/, 'variable or value'],
  [/\blink (is|was|to it)\b/, 'connection'],
  [/\bspeaks?\b/, 'live'],
  [/\bstands? again\b/, 'restored'],
  [/\bmeanwhile\b/, 'in the meantime, or who did what'],
];

/** Arabic terms that the glossary replaces. */
const replacedArabicTerms: readonly [term: RegExp, use: string][] = [
  [/استلام|استلم|مستلم|مُستلَم|استُلم/, 'إقرار، المسؤول'],
  [/يُحكم|تحكم على|للحكم/, 'تقييم'],
];

/** Returns the violations of the writing rules in a screen text. `{placeholders}` are ignored. */
export function listProblems(text: string, language: 'en' | 'ar'): string[] {
  const words = text.replace(/\{\w+\}/g, '…');
  const terms = language === 'en' ? replacedTerms : replacedArabicTerms;
  const problems = terms.flatMap(([term, use]) => {
    const found = new RegExp(term.source, 'iu').exec(words);
    return found ? [`“${found[0]}”: use ${use}`] : [];
  });
  if (/['"`]/.test(words)) problems.push('straight quote: use ’, “ ”, or « » in Arabic');
  if (language === 'en' && /\.\.\./.test(words)) problems.push('three dots: use …');
  return problems;
}
