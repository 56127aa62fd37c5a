import { z } from 'zod';
import { id } from '#common/contract/primitives.ts';

export const deepLinkScheme = 'watchfloor';
const target = z.tuple([id, id]);

/** The link to all alerts. */
export const linkToAlerts = `${deepLinkScheme}://alerts`;

/**
 * Converts `watchfloor://alert/CONNECTION/ALERT` or `watchfloor://alerts` to a path of the console. Returns null for anything else, because
 * links come from outside.
 */
export function placeOf(link: string): string | null {
  if (link === linkToAlerts || link === `${linkToAlerts}/`) return '/alerts';
  const parts = /^watchfloor:\/\/alert\/([^/?#]+)\/([^/?#]+)\/?$/.exec(link);
  const parsed = target.safeParse([parts?.[1], parts?.[2]]);
  return parsed.success ? `/alerts/${parsed.data[0]}/${parsed.data[1]}` : null;
}

/** Returns the link to an alert. */
export function linkTo(connectionId: string, alertId: string): string {
  return `${deepLinkScheme}://alert/${connectionId}/${alertId}`;
}

/** Returns the path for a link on the command line: the operating system passes it as an argument. */
export function placeInArguments(args: readonly string[]): string | null {
  for (const arg of args) {
    const place = arg.startsWith(`${deepLinkScheme}://`) ? placeOf(arg) : null;
    if (place !== null) return place;
  }
  return null;
}
