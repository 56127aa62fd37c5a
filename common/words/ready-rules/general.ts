import type { ReadyRuleTexts } from './texts.ts';

export const generalRuleTexts = {
  'chart-threshold': {
    name: { en: 'Threshold of the chart', ar: 'عتبة الرسم' },
    about: { en: 'Alerts where the chart’s own threshold is reached.', ar: 'ينبّه عند بلوغ عتبة الرسم نفسها.' },
    why: {
      en: 'Thresholds and severities are those of the chart. The window is long enough to pass over a single peak.',
      ar: 'العتبات ودرجات الخطورة هي التي في الرسم. والنافذة تكفي لتجاوز ذروة واحدة.',
    },
    runbook: { en: '', ar: '' },
  },
  'share-high': {
    name: { en: 'Almost full', ar: 'شبه ممتلئ' },
    about: { en: 'Finds shares that are nearly full.', ar: 'يكشف النسب القريبة من الامتلاء.' },
    why: {
      en: 'The first threshold leaves little, the second is urgent. It resolves a little lower, so that it doesn’t flap.',
      ar: 'العتبة الأولى لا تُبقي إلا القليل، والثانية عاجلة. ينتهي دونها بقليل كي لا يتذبذب.',
    },
    runbook: { en: '', ar: '' },
  },
  'slower-than-usual': {
    name: { en: 'Slower than usual', ar: 'أبطأ من المعتاد' },
    about: {
      en: 'Finds durations far above those at the same hour of the last week.',
      ar: 'يكشف المدد الأطول بكثير مما في الساعة نفسها من الأسبوع الأخير.',
    },
    why: {
      en: 'People notice twice the usual duration. Very short ones count as longer than they are, so that they don’t alert.',
      ar: 'يلحظ الناس ضعف المدة المعتادة. والمدد القصيرة جدًا تُعد أطول مما هي كي لا تنبّه.',
    },
    runbook: { en: '', ar: '' },
  },
  'rate-low': {
    name: { en: 'Far less than last weeks', ar: 'أقل بكثير من الأسابيع السابقة' },
    about: {
      en: 'Finds rates far below those at the same time of the last two weeks.',
      ar: 'يكشف المعدلات الأقل بكثير مما في الوقت نفسه من الأسبوعين السابقين.',
    },
    why: {
      en: 'Work repeats every week. Less than half for several minutes isn’t chance; on a holiday it may be right.',
      ar: 'يتكرر العمل كل أسبوع. أقل من النصف لدقائق ليس صدفة، وقد يصح في يوم عطلة.',
    },
    runbook: { en: '', ar: '' },
  },
  'sensor-frozen': {
    name: { en: 'Sensor frozen', ar: 'المستشعر متجمد' },
    about: { en: 'Finds sensors that repeat the same value.', ar: 'يكشف المستشعرات التي تكرر القيمة نفسها.' },
    why: {
      en: 'A working sensor always moves a little. Exactly the same value for this long comes from a broken one, or from a machine that stands still.',
      ar: 'المستشعر العامل يتحرك دائمًا قليلًا. والقيمة نفسها تمامًا هذه المدة تأتي من مستشعر معطوب أو آلة متوقفة.',
    },
    runbook: {
      en: 'Compare it with another sensor of the same machine; check its cable and the gateway.',
      ar: 'قارنه بمستشعر آخر على الآلة نفسها؛ وافحص سلكه والبوابة.',
    },
  },
  adaptive: {
    name: { en: 'Unusual value', ar: 'قيمة غير معتادة' },
    about: {
      en: 'Finds values that are unusual for the time of day and outside what the last two weeks had. Needs no threshold.',
      ar: 'يكشف القيم غير المعتادة في وقتها من اليوم والخارجة عما عرفه الأسبوعان الأخيران. لا يحتاج عتبة.',
    },
    why: {
      en: 'On public data, these values gave far fewer false alerts than fixed thresholds. At most one notification a day for each series.',
      ar: 'على بيانات عامة أعطت هذه القيم تنبيهات كاذبة أقل بكثير من العتبات الثابتة. إشعار واحد في اليوم على الأكثر لكل سلسلة.',
    },
    runbook: { en: '', ar: '' },
  },
  'no-data': {
    name: { en: 'No data', ar: 'لا بيانات' },
    about: { en: 'Finds series that stopped arriving.', ar: 'يكشف السلاسل التي توقفت عن الوصول.' },
    why: {
      en: 'This passes over a restart. For data that comes less often, use three of its intervals.',
      ar: 'يتجاوز هذا إعادة التشغيل. وللبيانات الأقل تواترًا استعمل ثلاثة أمثال فترتها.',
    },
    runbook: {
      en: 'Check what sends the data: its loader or agent, then its source.',
      ar: 'تحقق مما يرسل البيانات: المحمّل أو الوكيل، ثم مصدره.',
    },
  },
} as const satisfies Record<string, ReadyRuleTexts>;
