import type { Email } from 'postal-mime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { composeAlertMail } from '#backend/services/notifications/compose.ts';
import { makeNotifications } from '#backend/services/notifications/index.ts';
import { MailLogRetention } from '#backend/services/notifications/log-retention.ts';
import { deliver } from '#backend/services/notifications/smtp.ts';
import type { Caller, Service } from '#backend/services/service.ts';
import { alert } from '#common/contract/alerts.ts';
import { api } from '#common/contract/api.ts';
import { hourMs, minuteMs } from '#common/time/durations.ts';
import { type MailServer, mailAccount, startMailServer, withoutMailServer } from '../support/mail-server.ts';
import { addChart, call, measure, omar, run, speedChart, speedRule, type World } from './alerting-world.ts';
import { audited, type DefinitionsReplica, onEachDatabase } from './dashboards-world.ts';

const { notifications: contract } = api;
const admin: Caller = { id: 'u0', name: 'ada', role: 'ADMIN' };
type SmtpBody = z.input<typeof contract.putSmtp.body>;

const firedAlert = alert.parse({
  id: '0198c0de-0000-7000-8000-000000000001',
  ruleCode: 'belt-speed-low',
  ruleName: 'Belt speed low',
  chartCode: 'belt-speed',
  seriesKey: '[]',
  labels: {},
  severity: 'CRITICAL',
  state: 'FIRING',
  cause: 'condition',
  value: 0.1,
  threshold: 0.6,
  operator: '<',
  unit: 'm/s',
  reasons: [],
  startedAt: 0,
  firedAt: 0,
  resolvedAt: null,
  suppressed: false,
  acknowledgement: null,
  snooze: null,
  runbook: '',
  version: 1,
});

describe.skipIf(withoutMailServer() !== null)('e-mails through a real mail server', () => {
  let server: MailServer;
  const services: Service[] = [];
  beforeEach(async () => {
    server = await startMailServer();
  });
  afterEach(async () => {
    for (const service of services.splice(0)) await service.stop();
    await server.close();
  });

  test('an e-mail in Arabic arrives as it was written, and a rule’s name can’t add a header', async () => {
    const mail = composeAlertMail({
      kind: 'triggered',
      alert: { ...firedAlert, ruleName: 'سرعة السير é 🚨\r\nBcc: eve@mail.test', labels: { موقع: 'دبي' } },
      event: { note: '' },
      language: 'ar',
      alertUrl: null,
      chart: null,
    });
    const { port, ca } = server;
    const to = {
      host: '127.0.0.1',
      port,
      security: 'starttls' as const,
      ...mailAccount,
      replyTo: 'noc@mail.test',
      caCertificate: ca,
      alertUrl: null,
    };
    const sender = { ...to, fromAddress: 'wf@mail.test', fromName: 'غرفة المراقبة' };
    expect(await deliver(sender, 'ops@mail.test', '<1@mail.test>', mail)).toMatchObject({ stage: null, code: 250 });
    await expect.poll(async () => (await server.mails()).length, { message: server.log() }).toBe(1);
    const [arrived] = await server.mails();
    expect(arrived).toMatchObject({
      subject: '[حرج] سرعة السير é 🚨 Bcc: eve@mail.test: تنبيه نشط',
      messageId: '<1@mail.test>',
      from: { name: 'غرفة المراقبة', address: 'wf@mail.test' },
      replyTo: [{ address: 'noc@mail.test' }],
      to: [{ address: 'ops@mail.test' }],
    });
    expect(arrived?.bcc ?? []).toEqual([]);
    expect(arrived?.text?.trim()).toBe(mail.text.trim());
    expect(arrived?.html?.trim()).toBe(mail.html.trim());
    expect(arrived?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  });

  onEachDatabase('notifications', (open) => {
    const settings = (changes: Partial<SmtpBody> = {}): SmtpBody => ({
      host: '127.0.0.1',
      port: server.port,
      security: 'starttls',
      ...mailAccount,
      fromAddress: 'watchfloor@mail.test',
      caCertificate: server.ca,
      alertUrl: 'https://noc.example/alerts/plant/{id}',
      version: 0,
      ...changes,
    });
    const openMail = ({ engines, peers }: DefinitionsReplica): Service => {
      const service = makeNotifications({ logDays: 90 })(engines, peers);
      services.push(service);
      return service;
    };
    const setUp = async () => {
      const { world, startReplica } = await open();
      const desk = await startReplica();
      const mail = openMail(desk);
      await call(mail, contract.putSmtp, { body: settings() }, admin);
      return { world, desk, mail, startReplica };
    };
    /** A belt that is too slow: its alert is critical. */
    const fire = async (desk: DefinitionsReplica) => {
      await addChart(desk.engines, speedChart);
      await measure(desk.engines, { 'belt-1': 0.1 }, 20);
      await call(desk.service, api.rules.create, { body: speedRule({ forMs: 0 }) });
    };
    const resolve = (world: World, desk: DefinitionsReplica) => run(world, desk, 15, { 'belt-1': 2 });
    const send = (mail: Service, addresses: string[], changes = {}) =>
      call(mail, contract.createRecipients, { body: { name: 'Duty', addresses, severities: ['CRITICAL'], ...changes } }, admin);
    const log = async (mail: Service) => (await call(mail, contract.attempts, { query: {} }, admin)).items;
    const outcomes = async (mail: Service) =>
      (await log(mail)).map(({ kind, address, attempt, outcome }) => `${kind} ${address} ${attempt} ${outcome}`).toReversed();
    /** Waits until the service has handled every event so far. */
    const consumed = async ({ engines: { bus, database } }: DefinitionsReplica) => {
      const lastId = Number(await bus.lastId());
      const position = () =>
        database.query.selectFrom('bus_cursors').select('seq').where('consumer', '=', 'notifications').executeTakeFirst();
      await expect.poll(async () => Number((await position())?.seq)).toBe(lastId);
      expect(await database.query.selectFrom('dead_letters').selectAll().execute()).toEqual([]);
    };
    const arrived = async (count: number): Promise<Email[]> => {
      await expect.poll(async () => (await server.mails()).length, { message: server.log() }).toBe(count);
      return server.mails();
    };

    test('a test e-mail arrives through STARTTLS and through TLS, and a failure says what the server replied', async () => {
      const { mail } = await setUp();
      const check = (to = 'ops@mail.test') => call(mail, contract.testSmtp, { body: { to } }, admin);
      let version = 1;
      const change = async (changes: Partial<SmtpBody>) => {
        version = (await call(mail, contract.putSmtp, { body: settings({ ...changes, version }) }, admin)).version;
      };
      expect(await check()).toMatchObject({ ok: true, stage: null, code: 250, text: expect.stringContaining('OK id=') });
      const [first] = await arrived(1);
      expect(first).toMatchObject({
        subject: 'Test e-mail from Watchfloor',
        from: { name: 'Watchfloor', address: 'watchfloor@mail.test' },
        to: [{ address: 'ops@mail.test' }],
      });
      expect(await check('nobody@mail.test')).toMatchObject({
        ok: false,
        stage: 'recipient',
        code: 550,
        text: '550 5.1.1 No such user here',
      });
      expect(await check('later@mail.test')).toMatchObject({ ok: false, stage: 'recipient', code: 451 });
      await change({ port: server.tlsPort, security: 'tls' });
      expect(await check()).toMatchObject({ ok: true });
      await change({ password: 'wrong' });
      expect(await check()).toMatchObject({ ok: false, stage: 'authentication', code: 535 });
      await change({ caCertificate: null });
      expect(await check()).toMatchObject({ ok: false, stage: 'tls', code: null, text: expect.stringContaining('certificate') });
      await change({ security: 'none', username: '', password: '' });
      expect(await check()).toMatchObject({ ok: false, code: 550, text: '550 5.7.0 Authentication required' });
      await server.stop();
      expect(await check()).toMatchObject({ ok: false, stage: 'connection', code: null, text: expect.stringContaining('ECONNREFUSED') });
      expect((await outcomes(mail)).slice(0, 2)).toEqual(['test ops@mail.test 1 sent', 'test nobody@mail.test 1 failed']);
    });

    test('an alert that fires and resolves sends two e-mails to its recipients, and none twice', async () => {
      const { world, desk, mail } = await setUp();
      await send(mail, ['ops@mail.test', 'nobody@mail.test', 'OPS@mail.test']);
      await send(mail, ['boss@mail.test'], { severities: ['WARNING'] });
      await send(mail, ['other@mail.test'], { ruleCodes: ['another-rule'] });
      await mail.start();
      await fire(desk);
      const [fired] = await arrived(1);
      const [listed] = (await call(desk.service, api.alerts.list, { query: {} })).items;
      expect(fired).toMatchObject({ subject: '[Critical] Belt speed low triggered', to: [{ address: 'ops@mail.test' }] });
      expect(fired?.text).toContain('Average over 20 s is 0.1 m/s, below 0.6.');
      expect(fired?.text).toContain('segment = belt-1');
      expect(fired?.html).toContain(`href="https://noc.example/alerts/plant/${listed?.id}"`);
      const [image] = fired?.attachments ?? [];
      expect(image).toMatchObject({ contentId: '<chart@watchfloor>', mimeType: 'image/png', related: true });
      expect(fired?.html).toContain('lowest 0.1 m/s, highest 0.1 m/s');
      expect(Buffer.from(image?.content as ArrayBuffer).readUInt32BE(16)).toBe(1_200);
      await resolve(world, desk);
      const mails = await arrived(2);
      expect(mails.map(({ subject }) => subject).toSorted()).toEqual(['[Critical] Belt speed low resolved', fired?.subject]);
      // The events once more, as after a restart before the position was stored.
      await desk.engines.database.query.updateTable('bus_cursors').set({ seq: 0 }).where('consumer', '=', 'notifications').execute();
      await desk.engines.database.transaction((tx) => desk.engines.bus.publish(tx, 'loader.deleted', { loaderCode: 'none' }));
      await consumed(desk);
      const sent = ['triggered nobody@mail.test 1 failed', 'triggered ops@mail.test 1 sent', 'resolved ops@mail.test 1 sent'];
      expect((await outcomes(mail)).toSorted()).toEqual(sent.toSorted());
      expect(await desk.engines.database.query.selectFrom('mail_messages').select('id').execute()).toHaveLength(3);
      const page = await call(mail, contract.attempts, { query: { limit: 2 } }, admin);
      const rest = await call(mail, contract.attempts, { query: { limit: 2, cursor: page.nextCursor } }, admin);
      expect([...page.items, ...rest.items]).toEqual(await log(mail));
      expect(rest.nextCursor).toBeUndefined();
    });

    test('a silenced alert sends none', async () => {
      const { world, desk, mail } = await setUp();
      await send(mail, ['ops@mail.test']);
      const matchers = [{ name: 'segment', value: 'belt-1' }];
      const silence = { matchers, endsAt: world.clock.now + hourMs, reason: 'Belt 1 is repaired' };
      await call(desk.service, api.policies.createSilence, { body: silence });
      await mail.start();
      await fire(desk);
      await consumed(desk);
      expect(await desk.engines.database.query.selectFrom('mail_messages').select('id').execute()).toEqual([]);
    });

    test('recipients and the mail server can be changed, with an audit entry each; a change of an older version is refused', async () => {
      const { desk, mail } = await setUp();
      const made = await send(mail, ['ops@mail.test']);
      expect(made).toMatchObject({ by: 'ada', version: 1, ruleCodes: [], language: 'en' });
      const content = { name: 'Duty', addresses: ['noc@mail.test'], severities: ['HIGH' as const] };
      const params = { id: made.id };
      const update = (body: z.input<typeof contract.updateRecipients.body>) =>
        call(mail, contract.updateRecipients, { params, body }, omar);
      const changed = await update({ ...content, version: 1 });
      expect(changed).toMatchObject({ by: 'omar', version: 2, addresses: ['noc@mail.test'] });
      // The same change once more: its first reply may have been lost.
      expect(await update({ ...content, version: 1 })).toEqual(changed);
      await expect(update({ ...content, name: 'Other', version: 1 })).rejects.toMatchObject({ code: 'version_conflict', field: 'version' });
      expect((await call(mail, contract.recipients, {}, admin)).items).toEqual([changed]);
      await call(mail, contract.removeRecipients, { params }, admin);
      expect((await call(mail, contract.recipients, {}, admin)).items).toEqual([]);
      await expect(update({ ...content, version: 2 })).rejects.toMatchObject({ code: 'not_found' });
      expect((await audited(desk, made.id)).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
        'ada mail-recipients.created',
        'omar mail-recipients.updated',
        'ada mail-recipients.deleted',
      ]);

      const before = (await call(mail, contract.getSmtp, {}, admin)).settings;
      expect(before).toMatchObject({ host: '127.0.0.1', password: '***', version: 1, updatedBy: 'ada' });
      const put = (body: SmtpBody) => call(mail, contract.putSmtp, { body }, admin);
      expect(await put(settings({ password: '***', version: 1 }))).toEqual(before);
      await expect(put(settings({ port: 26, version: 0 }))).rejects.toMatchObject({ code: 'version_conflict' });
      expect(await put(settings({ password: '***', fromName: 'NOC', version: 1 }))).toMatchObject({
        fromName: 'NOC',
        password: '***',
        version: 2,
      });
      expect(JSON.stringify(await audited(desk, 'smtp'))).not.toMatch(/BEGIN CERTIFICATE|a password for mail/);
    });

    test('the log is kept for its days; of a firing alert it stays known who got an e-mail', async () => {
      const { world, desk, mail } = await setUp();
      await send(mail, ['ops@mail.test']);
      await mail.start();
      await fire(desk);
      await expect.poll(() => outcomes(mail)).toEqual(['triggered ops@mail.test 1 sent']);
      const retention = new MailLogRetention(desk.engines, 90);
      const { query } = desk.engines.database;
      const kinds = async () => (await query.selectFrom('mail_messages').select('kind').orderBy('kind').execute()).map(({ kind }) => kind);
      await retention.expire();
      expect(await outcomes(mail)).toHaveLength(1);
      const firedAt = world.clock.now;
      world.clock.now = firedAt + 91 * 24 * hourMs;
      await retention.expire();
      expect(await outcomes(mail)).toEqual([]);
      expect(await kinds()).toEqual(['triggered']);

      world.clock.now = firedAt;
      await resolve(world, desk);
      await expect.poll(() => outcomes(mail)).toEqual(['resolved ops@mail.test 1 sent']);
      world.clock.now = firedAt + 92 * 24 * hourMs;
      await retention.expire();
      expect(await kinds()).toEqual([]);
    });

    test('the health report says that the last e-mail was not sent, until one is', async () => {
      const { world, desk, mail } = await setUp();
      await send(mail, ['ops@mail.test']);
      await server.stop();
      await mail.start();
      expect(await mail.health()).toMatchObject({ status: 'up' });
      await fire(desk);
      await expect.poll(() => mail.health()).toMatchObject({ status: 'degraded', detail: expect.stringContaining('ECONNREFUSED') });
      await server.start();
      world.clock.now += minuteMs;
      await expect.poll(() => mail.health()).toMatchObject({ status: 'up' });
    });

    test('an e-mail waits while the server is down, survives a restart, and arrives once although two processes send', async () => {
      const { world, desk, mail, startReplica } = await setUp();
      await send(mail, ['ops@mail.test', 'later@mail.test']);
      await server.stop();
      await mail.start();
      await fire(desk);
      await expect.poll(async () => (await log(mail)).length).toBe(2);
      await mail.stop();
      const [refused] = await log(mail);
      expect(refused).toMatchObject({ outcome: 'retry', stage: 'connection', attempt: 1, nextTryAt: expect.any(Number) });
      const retries = (await log(mail)).map(({ nextTryAt }) => nextTryAt ?? 0);
      for (const at of retries) expect(at - world.clock.now).toBeLessThanOrEqual(60_000);

      await server.start();
      const others = [openMail(await startReplica()), openMail(await startReplica())];
      world.clock.now = Math.max(...retries);
      for (const other of others) await other.start();
      await arrived(1);
      await expect.poll(async () => (await log(mail)).length).toBe(4);
      const [second] = (await log(mail)).filter(({ address }) => address === 'later@mail.test');
      expect(second).toMatchObject({ outcome: 'retry', stage: 'recipient', code: 451, attempt: 2 });
      world.clock.now = second?.nextTryAt ?? expect.fail('it is not tried again');
      await expect.poll(async () => (await log(mail)).length).toBe(5);
      expect((await outcomes(mail)).filter((one) => one.includes('later'))).toEqual([
        'triggered later@mail.test 1 retry',
        'triggered later@mail.test 2 retry',
        'triggered later@mail.test 3 failed',
      ]);
      expect((await outcomes(mail)).filter((one) => one.includes('ops'))).toEqual([
        'triggered ops@mail.test 1 retry',
        'triggered ops@mail.test 2 sent',
      ]);
      expect(await server.mails()).toHaveLength(1);
    });
  });
});
