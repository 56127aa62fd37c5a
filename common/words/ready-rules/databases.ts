import type { ReadyRuleTexts } from './texts.ts';

export const databaseRuleTexts = {
  'replication-lag': {
    name: { en: 'Replication lag', ar: 'تأخر النسخ المتماثل' },
    about: { en: 'Finds replicas that are behind their primary.', ar: 'يكشف النسخ المتأخرة عن قاعدتها الأصلية.' },
    why: {
      en: 'At the first threshold people see old data; at the second a failover loses work. A backup may need a longer duration.',
      ar: 'عند العتبة الأولى يرى الناس بيانات قديمة؛ وعند الثانية يضيع عمل عند التحويل. قد يحتاج النسخ الاحتياطي إلى مدة أطول.',
    },
    runbook: {
      en: 'Check the replica’s disk and network, and long transactions on the primary.',
      ar: 'تحقق من قرص النسخة وشبكتها، ومن المعاملات الطويلة على القاعدة الأصلية.',
    },
  },
  'connections-near-limit': {
    name: { en: 'Connections near the limit', ar: 'الاتصالات قرب الحد' },
    about: { en: 'Finds databases that will soon refuse connections.', ar: 'يكشف قواعد البيانات التي توشك أن ترفض الاتصالات.' },
    why: {
      en: 'Connections grow in bursts, so little is left; at the second threshold the next deployment fails.',
      ar: 'تزيد الاتصالات على دفعات، فلم يبقَ إلا القليل؛ وعند العتبة الثانية يفشل النشر التالي.',
    },
    runbook: {
      en: 'Find the client with the most connections and end those that are idle in a transaction.',
      ar: 'ابحث عن العميل صاحب أكثر الاتصالات وأنهِ الخامل منها داخل معاملة.',
    },
  },
  'slow-queries': {
    name: { en: 'Slow queries', ar: 'استعلامات بطيئة' },
    about: { en: 'Finds times in which queries are slow for many.', ar: 'يكشف الأوقات التي تبطؤ فيها الاستعلامات على كثيرين.' },
    why: {
      en: 'People notice a second. The 95th percentile passes over a single slow report.',
      ar: 'يلحظ الناس الثانية. والمئين 95 يتجاوز تقريرًا بطيئًا واحدًا.',
    },
    runbook: {
      en: 'Find the slowest query and what it waits for: a lock, a disk or a missing index.',
      ar: 'ابحث عن أبطأ استعلام وعما ينتظره: قفل أو قرص أو فهرس ناقص.',
    },
  },
} as const satisfies Record<string, ReadyRuleTexts>;
