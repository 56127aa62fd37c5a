/** A label or an annotation as typed. */
export interface TextRow {
  name: string;
  text: string;
}

export const rowsOf = (texts: Readonly<Record<string, string>>): TextRow[] => Object.entries(texts).map(([name, text]) => ({ name, text }));

/**
 * Returns the rows as fields of a rule. A row that is empty, because it was just added, is left out. A name that is given twice is kept
 * under one that the contract refuses, so that neither text is lost and the rule can't be saved.
 */
export function toTexts(rows: readonly TextRow[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { name, text } of rows) {
    if (name === '' && text === '') continue;
    texts[Object.hasOwn(texts, name) ? twice(name, texts) : name] = text;
  }
  return texts;
}

const twice = (name: string, texts: object): string => (Object.hasOwn(texts, `${name} `) ? twice(`${name} `, texts) : `${name} `);

/** Returns the names that several rows have. */
export const namesTwice = (rows: readonly TextRow[]): Set<string> =>
  new Set(rows.map(({ name }) => name).filter((name, i, all) => name !== '' && all.indexOf(name) !== i));
