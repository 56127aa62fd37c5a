import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium, sharedChromium } from './chromium.ts';

/** Starts one Chromium for all test files, before the first. Each file has contexts of its own in it, which end with its connection. */
export default async function shareChromium(): Promise<(() => Promise<void>) | undefined> {
  const executablePath = findChromium();
  if (executablePath === null) return undefined;
  const server = await chromium.launchServer({ executablePath, args: chromiumArgs, host: '127.0.0.1' });
  process.env[sharedChromium] = server.wsEndpoint();
  return () => server.close();
}
