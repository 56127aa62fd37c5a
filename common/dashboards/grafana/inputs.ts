import { fieldOf, type JsonObject, listIn, mapTexts, textIn } from './json.ts';
import { dashboardItself, type Losses } from './losses.ts';

/**
 * Replaces constant inputs (`${VAR_HOST}`) by their values everywhere in the model: titles, queries, text and variables. Values of the
 * wrapper take precedence over those of the file; an input without a value is reported as a loss.
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
    // Values are not searched for further inputs.
    text.includes('${') ? text.replace(/\$\{(\w+)(?::\w+)?\}/g, (whole, name: string) => values.get(name) ?? whole) : text,
  );
  return { ...(filled as JsonObject), ...(kept === undefined ? {} : { __inputs: kept }) };
}
