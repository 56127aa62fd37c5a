import type { ReadyRuleTexts } from './texts.ts';

export const loaderRuleTexts = {
  'loader-lag': {
    name: { en: 'Loader is behind', ar: 'المحمّل متأخر' },
    about: {
      en: 'Finds loaders whose newest data is old, whatever the cause.',
      ar: 'يكشف المحمّلات التي قدُمت أحدث بياناتها، أيًا كان السبب.',
    },
    why: {
      en: 'A loader that runs every few seconds is never a minute behind. For loaders that run less often, use three of their intervals.',
      ar: 'المحمّل الذي يعمل كل بضع ثوانٍ لا يتأخر دقيقة. وللمحمّلات الأبطأ استعمل ثلاثة أمثال فترتها.',
    },
    runbook: {
      en: 'Open the loader: its last runs show whether its source refuses, answers slowly, or has no new rows.',
      ar: 'افتح المحمّل: تبيّن تشغيلاته الأخيرة هل يرفض مصدره الاتصال أم يبطئ في الرد أم خلا من صفوف جديدة.',
    },
  },
  'loader-slow': {
    name: { en: 'Loader is slow', ar: 'المحمّل بطيء' },
    about: {
      en: 'Finds runs that last much longer than usual at the same hour.',
      ar: 'يكشف التشغيلات التي تطول كثيرًا عن المعتاد في الساعة نفسها.',
    },
    why: {
      en: 'Three times the median of the last week is more than busy hours cause. Very short runs count as longer than they are, so that they don’t alert.',
      ar: 'ثلاثة أمثال وسيط الأسبوع الأخير أكثر مما تسببه ساعات الذروة. والتشغيلات القصيرة جدًا تُعد أطول مما هي كي لا تنبّه.',
    },
    runbook: {
      en: 'Try the loader’s SQL in its preview. Check the load of the source and whether an index is missing.',
      ar: 'جرّب استعلام المحمّل في معاينته. تحقق من حمل المصدر ومن نقص فهرس فيه.',
    },
  },
  'loader-failing': {
    name: { en: 'Loader is failing', ar: 'المحمّل يفشل' },
    about: { en: 'Finds loaders with several failed runs in a short time.', ar: 'يكشف المحمّلات التي فشل عدد من تشغيلاتها في وقت قصير.' },
    why: {
      en: 'One failed run is repeated and does no harm; three within minutes don’t mend themselves. No runs count as no failures.',
      ar: 'التشغيل الفاشل الواحد يُعاد ولا يضر؛ أما ثلاثة في دقائق فلا تنصلح وحدها. وغياب التشغيل لا يُعد فشلًا.',
    },
    runbook: {
      en: 'Open the loader and read the error of its last run. Check the source’s password and whether a column was renamed.',
      ar: 'افتح المحمّل واقرأ خطأ آخر تشغيل. تحقق من كلمة مرور المصدر ومن تغيّر اسم عمود.',
    },
  },
  'loader-rejects': {
    name: { en: 'Loader rejects records', ar: 'المحمّل يرفض سجلات' },
    about: { en: 'Finds loaders that had to leave out rows.', ar: 'يكشف المحمّلات التي اضطرت إلى ترك صفوف.' },
    why: {
      en: 'Every rejected record is a gap in its chart, so one is enough. Raise the threshold for sources that are known to be untidy.',
      ar: 'كل سجل مرفوض فجوة في رسمه، فواحد يكفي. ارفع العتبة للمصادر المعروفة بعدم انتظامها.',
    },
    runbook: {
      en: 'Open the loader: its runs name the column of the first rejected row and why.',
      ar: 'افتح المحمّل: تذكر تشغيلاته عمود أول صف مرفوض وسبب رفضه.',
    },
  },
} as const satisfies Record<string, ReadyRuleTexts>;
