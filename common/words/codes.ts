import type { ErrorCode } from '#common/contract/errors.ts';
import type { Language } from '../format.ts';

/** Texts of the error codes, for errors without a finer reason. */
export const codeTexts: Record<ErrorCode, Record<Language, string>> = {
  validation_failed: { en: 'Something in this request isn’t valid.', ar: 'في هذا الطلب قيمة غير صالحة.' },
  invalid_time_range: { en: 'The time range isn’t valid.', ar: 'المدى الزمني غير صالح.' },
  sql_rejected: { en: 'The SQL was rejected.', ar: 'رُفضت عبارة SQL.' },
  bad_credentials: { en: 'The user name or password is wrong.', ar: 'اسم المستخدم أو كلمة المرور غير صحيحة.' },
  token_missing: { en: 'You’re not signed in.', ar: 'لم تسجّل الدخول.' },
  token_expired: { en: 'Your session has expired.', ar: 'انتهت مدة جلستك.' },
  token_invalid: { en: 'Your session is no longer valid.', ar: 'لم تعد جلستك صالحة.' },
  forbidden: { en: 'Your role doesn’t allow this.', ar: 'لا يسمح دورك بهذا.' },
  not_found: { en: 'Not found. It may have been deleted.', ar: 'غير موجود. ربما حُذف.' },
  not_acceptable: { en: 'The backend can’t answer in the format that was asked for.', ar: 'لا يستطيع الخادم الرد بالتنسيق المطلوب.' },
  conflict: { en: 'This conflicts with what is already there.', ar: 'يتعارض هذا مع ما هو موجود.' },
  already_resolved: { en: 'The alert has already been resolved.', ar: 'سبق أن انتهى التنبيه.' },
  version_conflict: { en: 'Someone else has changed this in the meantime.', ar: 'غيّر شخص آخر هذا في هذه الأثناء.' },
  idempotency_key_reused: { en: 'The same request key was used for another change.', ar: 'استُعمل مفتاح الطلب نفسه لتغيير آخر.' },
  payload_too_large: { en: 'The request is too large.', ar: 'الطلب أكبر من الحد المسموح.' },
  unsupported_media_type: { en: 'The backend can’t read this format.', ar: 'لا يستطيع الخادم قراءة هذا التنسيق.' },
  rate_limited: { en: 'Too many requests. Wait a moment.', ar: 'عدد الطلبات كبير. انتظر قليلًا.' },
  query_too_large: { en: 'The query asks for too much data at once.', ar: 'يطلب الاستعلام بيانات أكثر من الحد المسموح دفعة واحدة.' },
  source_unreachable: { en: 'The data source can’t be reached.', ar: 'يتعذر الوصول إلى مصدر البيانات.' },
  internal: { en: 'Something went wrong.', ar: 'حدث خطأ ما.' },
  disk_full: { en: 'The disk is full.', ar: 'القرص ممتلئ.' },
  unavailable: { en: 'This isn’t available right now.', ar: 'هذا غير متاح الآن.' },
  timeout: { en: 'There was no answer in time.', ar: 'لم يصل رد في الوقت المحدد.' },
  contract_mismatch: { en: 'The console and the backend don’t fit together.', ar: 'وحدة المراقبة والخادم غير متوافقين.' },
};
