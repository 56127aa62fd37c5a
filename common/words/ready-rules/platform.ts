import type { ReadyRuleTexts } from './texts.ts';

export const platformRuleTexts = {
  'platform-slow-answers': {
    name: { en: 'Backend answers slowly', ar: 'الخادم بطيء في الرد' },
    about: { en: 'Finds times in which the consoles wait for the backend.', ar: 'يكشف الأوقات التي تنتظر فيها وحدات المراقبة الخادم.' },
    why: {
      en: 'The first threshold is what the backend promises for the 95th percentile; at the second, people wait at every click.',
      ar: 'العتبة الأولى ما يعد به الخادم للمئين 95؛ وعند الثانية ينتظر الناس عند كل نقرة.',
    },
    runbook: {
      en: 'Open the dashboard “Platform health”: a delayed event loop means too much work, a steady one a slow disk or database.',
      ar: 'افتح لوحة «Platform health»: تأخر حلقة الأحداث يعني عملًا زائدًا، وانتظامها يعني بطء القرص أو قاعدة البيانات.',
    },
  },
  'platform-errors': {
    name: { en: 'Backend answers with errors', ar: 'الخادم يرد بأخطاء' },
    about: {
      en: 'Finds requests that the backend couldn’t answer (status 5xx).',
      ar: 'يكشف الطلبات التي عجز الخادم عن الرد عليها (الحالة 5xx).',
    },
    why: {
      en: 'This rate is more than one unlucky request, and few enough to see a fault early.',
      ar: 'هذا المعدل أكثر من طلب عاثر، وأقل من أن يتأخر كشف العطل.',
    },
    runbook: {
      en: 'Read the backend’s log for errors with their request ids, and check its disk and database.',
      ar: 'اقرأ سجل الخادم بحثًا عن الأخطاء مع معرّفات طلباتها، وتحقق من قرصه وقاعدة بياناته.',
    },
  },
  'platform-blocked': {
    name: { en: 'Backend blocked', ar: 'الخادم معطَّل عن العمل' },
    about: {
      en: 'Finds processes that are busy for so long that everything else waits.',
      ar: 'يكشف العمليات التي تنشغل طويلًا حتى ينتظر كل ما سواها.',
    },
    why: {
      en: 'A single long wait happens when memory is cleaned up. When half of all waits are this long, there is too much work.',
      ar: 'الانتظار الطويل الواحد يحدث عند تنظيف الذاكرة. أما أن يطول نصفه إلى هذا الحد فيعني عملًا زائدًا.',
    },
    runbook: {
      en: 'Find what started: a large import, an export, many consoles. Check whether the host itself is busy.',
      ar: 'ابحث عما بدأ: استيراد كبير أو تصدير أو وحدات مراقبة كثيرة. تحقق من انشغال المضيف نفسه.',
    },
  },
  'platform-memory-growing': {
    name: { en: 'Backend memory growing', ar: 'ذاكرة الخادم تزداد' },
    about: {
      en: 'Finds processes that need much more memory than a day before.',
      ar: 'يكشف العمليات التي تحتاج ذاكرة أكبر بكثير مما قبل يوم.',
    },
    why: {
      en: 'The lowest value of the window leaves out peaks. Half as much again in a day is more than new series need.',
      ar: 'أدنى قيمة في النافذة تستبعد الذروات. وزيادة النصف في يوم أكثر مما تحتاجه سلاسل جديدة.',
    },
    runbook: {
      en: 'Check whether series or consoles were added. If not, restart the process and report it.',
      ar: 'تحقق من إضافة سلاسل أو وحدات مراقبة. وإلا فأعد تشغيل العملية وأبلغ عنها.',
    },
  },
  'platform-rules-slow': {
    name: { en: 'Rules evaluated too slowly', ar: 'تقييم القواعد بطيء' },
    about: {
      en: 'Finds rounds of rules that last too long, so that alerts come late.',
      ar: 'يكشف جولات التقييم التي تطول حتى تتأخر التنبيهات.',
    },
    why: {
      en: 'A round should end in a few seconds; above that, alerts are late by as much.',
      ar: 'ينبغي أن تنتهي الجولة في ثوانٍ قليلة؛ وما زاد عنها تتأخر به التنبيهات.',
    },
    runbook: {
      en: 'Pause rules with long windows over many series, and check the disk of the store.',
      ar: 'أوقف القواعد ذات النوافذ الطويلة على سلاسل كثيرة، وتحقق من قرص المخزن.',
    },
  },
  'platform-nothing-stored': {
    name: { en: 'No points are stored', ar: 'لا تُخزَّن نقاط' },
    about: {
      en: 'Finds processes that stored points until recently and no longer do.',
      ar: 'يكشف العمليات التي كانت تخزّن نقاطًا ثم توقفت.',
    },
    why: {
      en: 'Loaders and agents store something every few seconds. Processes that stored nothing all day don’t count.',
      ar: 'تخزّن المحمّلات والوكلاء شيئًا كل بضع ثوانٍ. ولا تُحسب العمليات التي لم تخزّن شيئًا طوال اليوم.',
    },
    runbook: {
      en: 'Check the loaders, the agents and the disk of the store.',
      ar: 'تحقق من المحمّلات والوكلاء وقرص المخزن.',
    },
  },
  'platform-store-damaged': {
    name: { en: 'Store damaged', ar: 'المخزن متضرر' },
    about: { en: 'Finds stored points that can’t be read.', ar: 'يكشف نقاطًا مخزنة لا يمكن قراءتها.' },
    why: {
      en: 'A healthy store has no damage, so one damaged interval is enough.',
      ar: 'لا تلف في المخزن السليم، ففترة تالفة واحدة تكفي.',
    },
    runbook: {
      en: 'Check the disk for errors, then restore the interval from a backup or load it again.',
      ar: 'افحص القرص بحثًا عن أخطاء، ثم استعد الفترة من نسخة احتياطية أو حمّلها من جديد.',
    },
  },
} as const satisfies Record<string, ReadyRuleTexts>;
