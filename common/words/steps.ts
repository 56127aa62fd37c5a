import type { Params } from '#common/contract/errors.ts';
import type { Language } from '../format.ts';
import { fillText, type HolesOf } from './fill.ts';

/** Texts of the successful steps of a connection test. */
export const stepTexts = {
  host_answers: { en: '{host} answers.', ar: 'يرد {host}.' },
  backend_not_reached: { en: 'The backend was not reached.', ar: 'تعذر الوصول إلى الخادم.' },
  certificate_trusted: { en: 'The certificate is trusted.', ar: 'الشهادة موثوقة.' },
  not_encrypted: { en: 'Not encrypted: the address starts with http://.', ar: 'غير مشفّر: يبدأ العنوان بـ http://‎.' },
  contract_shared: { en: 'Backend {backend} fits this console.', ar: 'الخادم {backend} متوافق مع وحدة المراقبة هذه.' },
  no_password_given: { en: 'No user name and password were given.', ar: 'لم يُدخَل اسم مستخدم وكلمة مرور.' },
  signed_in_as: { en: 'Signed in as {username}.', ar: 'سُجّل الدخول باسم {username}.' },
  nobody_signed_in: { en: 'You aren’t signed in.', ar: 'لم تسجّل الدخول.' },
  role_viewer: { en: 'The role is VIEWER: it can look, but not acknowledge.', ar: 'الدور VIEWER: يمكنه الاطلاع دون الإقرار بالتنبيهات.' },
  role_operator: { en: 'The role is OPERATOR: it can look and act.', ar: 'الدور OPERATOR: يمكنه الاطلاع والتصرف.' },
  role_admin: { en: 'The role is ADMIN: it can do everything.', ar: 'الدور ADMIN: يمكنه فعل كل شيء.' },
  clocks_agree: { en: 'The clocks agree within {skewMs}.', ar: 'الفرق بين الساعتين لا يتجاوز {skewMs}.' },
} as const satisfies Record<string, Record<Language, string>>;
export type StepReason = keyof typeof stepTexts;

type StepParams<R extends StepReason> = { [Hole in HolesOf<(typeof stepTexts)[R]['en']>]: string | number };

/** Creates a finding with its English text, and what a screen needs to write it in another language. */
export function finding<R extends StepReason>(reason: R, params: StepParams<R>): { message: string; reason: R; params: Params } {
  return { message: fillText(stepTexts[reason].en, params, 'en'), reason, params };
}

/** Returns the text of a finding; null when it is unknown. */
export function describeFinding(reason: string | undefined, params: Params, language: Language): string | null {
  if (reason === undefined || !Object.hasOwn(stepTexts, reason)) return null;
  return fillText(stepTexts[reason as StepReason][language], params, language);
}
