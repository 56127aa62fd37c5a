import { afterAll, expect, test } from 'vitest';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/ports.ts';

const backendFolder = temporaryFolder();
const consoleFolder = temporaryFolder();
let backend: TestBackend | undefined;
let core: TestConsole | undefined;

afterAll(async () => {
  await core?.close();
  await backend?.stop();
  backendFolder.remove();
  consoleFolder.remove();
});

test('a window that asked before the first contact gets charts, loaders and the conveyor once there is one', async () => {
  const [port] = await freePorts(1);
  const args = ['--conveyor', '--port', String(port)];
  // A backend that has stored what it ships announces nothing at its next start.
  await (await startBackend({ dataDir: backendFolder.path, args })).stop();
  const opened = await openTestConsole(consoleFolder.path, `http://127.0.0.1:${port}`);
  core = opened;
  const { id: connectionId } = await opened.connection();
  const { charts, loaders, conveyor } = opened.handlers;
  expect(await charts.list({ connectionId }, neverAborts)).toEqual({ charts: [], asOf: null });
  expect(await loaders.list({ connectionId }, neverAborts)).toEqual({ value: [], asOf: null });
  expect(await conveyor.status({ connectionId }, neverAborts)).toEqual({ value: null, asOf: null });

  backend = await startBackend({ dataDir: backendFolder.path, args });
  for (const service of ['charts', 'loaders', 'conveyor']) {
    const payload = await eventually(
      `the event of ${service}`,
      async () => opened.received.find((one) => one.service === service && one.event === 'changed')?.payload,
      60_000,
    );
    expect(payload).toMatchObject(
      {
        charts: { charts: expect.arrayContaining([expect.objectContaining({ code: 'belt-speed' })]) },
        loaders: { loaders: expect.arrayContaining([expect.objectContaining({ code: 'belt-speed' })]) },
        conveyor: { status: { belts: expect.anything() } },
      }[service] as object,
    );
  }
});
