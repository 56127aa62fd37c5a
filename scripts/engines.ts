import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../test/support/chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Real servers that some tests start for themselves, and the Debian packages that bring them. */
const engines: { name: string; found: () => boolean; packages: string[] }[] = [
  { name: 'PostgreSQL', found: () => existsSync('/usr/lib/postgresql') || onPath('postgres'), packages: ['postgresql'] },
  { name: 'MariaDB', found: () => onPath('mariadbd'), packages: ['mariadb-server'] },
  { name: 'Prometheus', found: () => onPath('promtool'), packages: ['prometheus'] },
  { name: 'Exim', found: () => onPath('exim4'), packages: ['exim4-daemon-light'] },
  {
    name: 'a Secret Service',
    found: () => onPath('gnome-keyring-daemon') && onPath('dbus-run-session'),
    packages: ['gnome-keyring', 'dbus', 'libsecret-1-0'],
  },
];

function onPath(name: string): boolean {
  return [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'].some((folder) => existsSync(join(folder, name)));
}

const mayUseDebian = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

function installFromDebian(packages: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args: string[]) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  return apt(['update', '-qq']) && apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/**
 * Finds Chromium or installs it, through Playwright or from Debian. The database servers are installed only where the
 * caller insists on them (`WATCHFLOOR_REQUIRE_ENGINES=1`, as CI does); elsewhere the tests that need a missing one are
 * skipped and say so.
 * @throws Error when Chromium, or an engine that was insisted on, cannot be had
 */
export async function ensureEngines(): Promise<void> {
  const insist = process.env['WATCHFLOOR_REQUIRE_ENGINES'] === '1';
  const missing = engines.filter((engine) => !engine.found());
  const wanted = insist ? missing.flatMap((engine) => engine.packages) : [];
  if (findChromium() === null) {
    if (mayUseDebian) wanted.push('chromium');
    else {
      console.log('Installing Chromium through Playwright…');
      spawnSync(process.execPath, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'], { stdio: 'inherit' });
    }
  }
  if (wanted.length > 0 && mayUseDebian) {
    console.log(`Installing from Debian: ${wanted.join(', ')}…`);
    installFromDebian(wanted);
  }
  if (findChromium() === null)
    throw new Error('Chromium is missing and could not be installed. Install it, or set WATCHFLOOR_CHROMIUM to its path.');
  for (const engine of engines) {
    if (engine.found()) console.log(`${engine.name}: found`);
    else if (insist) throw new Error(`${engine.name} is missing and could not be installed (${engine.packages.join(', ')}).`);
    else console.log(`${engine.name}: not here; the tests that need it are skipped (Debian: ${engine.packages.join(', ')})`);
  }
}
