import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { securityHeaders } from '#core/page/headers.ts';
import { isOwn } from './origin.ts';

/** File types of the renderer; other files in its folder are not served. */
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Answers requests to `app://watchfloor/…` from one folder and nowhere else. */
export function servePage(root: string): (request: Pick<Request, 'method' | 'url'>) => Promise<Response> {
  const inside = resolve(root) + sep;
  return async ({ method, url }) => {
    if (method !== 'GET' || !isOwn(url)) return refuse(403);
    let path: string;
    try {
      path = decodeURIComponent(new URL(url).pathname);
    } catch {
      return refuse(400);
    }
    // A path of the console, such as /alerts/…, is the page itself.
    const file = extname(path) === '' ? join(root, 'index.html') : resolve(join(root, path));
    const type = types[extname(file)];
    if (!file.startsWith(inside) || file.includes('\0') || type === undefined) return refuse(404);
    try {
      return new Response(await readFile(file), { headers: { ...securityHeaders, 'content-type': type } });
    } catch {
      return refuse(404);
    }
  };
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: securityHeaders });
}
