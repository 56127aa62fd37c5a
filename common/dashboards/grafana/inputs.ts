import { fieldOf, type JsonObject, listIn, mapTexts, textIn } from './json.ts';
import { dashboardItself, type Losses } from './losses.ts';

/**
 * Puts the values of constant inputs (`${VAR_HOST}`) in place of their names, everywhere in the model: titles, queries, text and
 * variables. What the wrapper gives goes before what the file gives; an input without a value is told to the losses.
 * @param given `inputs` of the wrapper: `{ name, value }`
 */
export function withInputs(model: JsonObject, given: readonly unknown[], losses: Losses): JsonObject {
  const values = new Map<string, string>();
  const asked = listIn(model, '__inputs').filter((one) => textIn(one, 'type') === 'constant');
  for (const one of [...asked, ...given]) {
    const name = textIn(one, 'name');
    const value = fieldOf(one, 'value');
    if (name === null || textIn(one, 'type') === 'datasource') continue;
    if (typeof value === 'string' || typeof value === 'number') values.set(name, String(value));
    else if (!values.has(name)) losses.add(dashboardItself, 'input_missing', { name });
  }
  if (values.size === 0) return model;
  const { __inputs: kept, ...rest } = model;
  const filled = mapTexts(rest, (text) =>
    // The value of a constant is not looked through again.
    text.includes('${') ? text.replace(/\$\{(\w+)(?::\w+)?\}/g, (whole, name: string) => values.get(name) ?? whole) : text,
  );
  return { ...(filled as JsonObject), ...(kept === undefined ? {} : { __inputs: kept }) };
}
