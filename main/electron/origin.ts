/** The page's own scheme and origin: no file: URLs, which could reach every file of the account. */
export const scheme = 'app';
export const origin = `${scheme}://watchfloor`;

/** Returns true if an address belongs to the console's own page. */
export function isOwn(url: string): boolean {
  const parsed = URL.parse(url);
  // `origin` of an unknown scheme is "null" in Node; compare the parts.
  return (
    parsed !== null && parsed.protocol === `${scheme}:` && parsed.host === 'watchfloor' && parsed.username === '' && parsed.password === ''
  );
}
