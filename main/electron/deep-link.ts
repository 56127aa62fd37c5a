import { z } from 'zod';
import { id } from '#common/contract/primitives.ts';

export const deepLinkScheme = 'watchfloor';
const target = z.tuple([id, id]);

/** `watchfloor://alert/CONNECTION/ALERT` → the place in the console; null for anything else: such links come from outside. */
export function placeOf(link: string): string | null {
  const parts = /^watchfloor:\/\/alert\/([^/?#]+)\/([^/?#]+)\/?$/.exec(link);
  const parsed = target.safeParse([parts?.[1], parts?.[2]]);
  return parsed.success ? `/alerts/${parsed.data[0]}/${parsed.data[1]}` : null;
}

/** The link that leads to an alert. */
export function linkTo(connectionId: string, alertId: string): string {
  return `${deepLinkScheme}://alert/${connectionId}/${alertId}`;
}

/** The place that a command line asks for: the operating system passes a link as an argument. */
export function placeInArguments(args: readonly string[]): string | null {
  for (const arg of args) {
    const place = arg.startsWith(`${deepLinkScheme}://`) ? placeOf(arg) : null;
    if (place !== null) return place;
  }
  return null;
}
