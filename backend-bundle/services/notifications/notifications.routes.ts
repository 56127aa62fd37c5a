import { uuidv7 } from 'uuidv7';
import { AppError } from '#common/contract/errors.ts';
import { notifications as contract, type MailRecipients, storedSmtp } from '#common/contract/notifications.ts';
import { same } from '#common/versions/shape.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import { basedOn, versionConflict } from '../based-on.ts';
import { type Handlers, type Route, routes } from '../service.ts';
import { addAttempt, listAttempts } from './attempts.store.ts';
import { composeTestMail } from './compose.ts';
import { deleteRecipients, getRecipients, listRecipients, putRecipients } from './recipients.store.ts';
import { toAttempt } from './sender.ts';
import { findSmtp, type SmtpRecord, storeSmtp } from './settings.store.ts';
import { checkSmtp, findPasswordProblem, passwordToStore, toServer, toSettings } from './settings.ts';
import { deliver, messageIdFor } from './smtp.ts';

/** Endpoints of the mail server, the recipients and the log of e-mails. */
export function notificationRoutes(engines: Engines<'notifications'>): Route[] {
  const { database } = engines;
  return routes(contract, {
    ...smtpHandlers(engines),
    ...recipientHandlers(engines),
    attempts: ({ query }) => listAttempts(database.query, query),
  });
}

type Contract = typeof contract;

function smtpHandlers(engines: Engines<'notifications'>): Handlers<Pick<Contract, 'getSmtp' | 'putSmtp' | 'testSmtp'>> {
  const { database, vault, now } = engines;
  return {
    getSmtp: async () => {
      const record = await findSmtp(database.query);
      const problem = findPasswordProblem(record, vault);
      return { settings: record === null ? null : toSettings(record), ...(problem === null ? {} : { problem }) };
    },

    putSmtp: ({ body: { version, ...input }, caller, commit }) => {
      checkSmtp(input);
      return commit(database, async (tx) => {
        const before = await findSmtp(tx);
        const { password: _, ...given } = input;
        const fields = storedSmtp.parse(given);
        const after: SmtpRecord = {
          fields,
          passwordSealed: passwordToStore(input, before, vault),
          version: (before?.version ?? 0) + 1,
          updatedAt: now(),
          updatedBy: caller.name,
        };
        if (before !== null && same(before.fields, fields) && before.passwordSealed === after.passwordSealed) return toSettings(before);
        if ((before?.version ?? 0) !== version)
          throw versionConflict({ version: before?.version ?? 0, by: before?.updatedBy ?? 'Somebody' }, version);
        await storeSmtp(tx, after);
        await audit(tx, {
          actor: caller,
          action: 'smtp.updated',
          entity: 'smtp',
          // Without the certificates, which are long.
          detail: { ...fields, caCertificate: fields.caCertificate !== null, version: after.version },
          at: now(),
        });
        return toSettings(after);
      });
    },

    testSmtp: async ({ body: { to, language } }) => {
      const record = await findSmtp(database.query);
      if (record === null) throw new AppError('conflict', 'No mail server is set yet.', { hint: 'Save the settings first.' });
      const mail = composeTestMail(language);
      const server = toServer(record, vault);
      const { stage, code, text, durationMs } = await deliver(server, to, messageIdFor(server, uuidv7()), mail);
      const outcome = stage === null ? 'sent' : 'failed';
      const attempt = toAttempt({ stage, code, text, durationMs }, { at: now(), outcome, nextTryAt: null });
      await addAttempt(database.query, { ...attempt, kind: 'test', alertId: null, address: to, subject: mail.subject, attempt: 1 });
      return { ok: stage === null, stage, code, text, durationMs };
    },
  };
}

type RecipientNames = 'recipients' | 'createRecipients' | 'updateRecipients' | 'removeRecipients';

function recipientHandlers(engines: Engines<'notifications'>): Handlers<Pick<Contract, RecipientNames>> {
  const { database, now } = engines;
  const record = (tx: Tx<'notifications'>, verb: string, { id, by, createdAt: _, ...detail }: MailRecipients) =>
    audit(tx, { actor: by, action: `mail-recipients.${verb}`, entity: id, detail, at: now() });
  return {
    recipients: async () => ({ items: await listRecipients(database.query, database.unreadable) }),

    createRecipients: ({ body, caller, commit }) => {
      const made: MailRecipients = { ...body, id: uuidv7(), by: caller.name, createdAt: now(), version: 1 };
      return commit(database, async (tx) => {
        await putRecipients(tx, made);
        await record(tx, 'created', made);
        return made;
      });
    },

    updateRecipients: ({ params, body: { version, ...body }, caller, commit }) =>
      commit(database, async (tx) => {
        const before = await getRecipients(tx, params.id);
        const after = basedOn(version, before, body);
        if (after === before) return before;
        const changed = { ...after, by: caller.name, version: before.version + 1 };
        await putRecipients(tx, changed);
        await record(tx, 'updated', changed);
        return changed;
      }),

    removeRecipients: ({ params, caller, commit }) =>
      commit(database, async (tx) => {
        const before = await getRecipients(tx, params.id);
        await deleteRecipients(tx, params.id);
        await record(tx, 'deleted', { ...before, by: caller.name });
      }),
  };
}
