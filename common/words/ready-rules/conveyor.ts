import type { ReadyRuleTexts } from './texts.ts';

export const conveyorRuleTexts = {
  'belt-speed-low': {
    name: { en: 'Belt speed low', ar: 'سرعة السير منخفضة' },
    about: { en: 'Finds belts that stop or slow down.', ar: 'يكشف السيور التي تتوقف أو تبطئ.' },
    why: {
      en: 'A healthy belt always runs much faster. The average passes over a short jam.',
      ar: 'السير السليم أسرع من ذلك بكثير دائمًا. والمتوسط يتجاوز الانحشار القصير.',
    },
    runbook: {
      en: 'Check the belt for a jam, then its motor current: high means blocked, zero means no power. No data at all means the producer or its database stopped.',
      ar: 'افحص السير بحثًا عن انحشار ثم تيار محركه: المرتفع يعني انسدادًا، والصفر يعني انقطاع الطاقة. وانعدام البيانات يعني توقف المنتِج أو قاعدة بياناته.',
    },
  },
  'belt-jam': {
    name: { en: 'Belt jammed', ar: 'انحشار في السير' },
    about: { en: 'Finds short jams, which an average hides.', ar: 'يكشف الانحشارات القصيرة التي يخفيها المتوسط.' },
    why: {
      en: 'The slowest moment counts. A healthy belt never runs as slowly, not even for a second.',
      ar: 'تُحسب أبطأ لحظة. السير السليم لا يبطئ إلى هذا الحد ولو لثانية.',
    },
    runbook: {
      en: 'One jam frees itself. If they repeat, check the guides and the spacing of the items, and plan maintenance.',
      ar: 'الانحشار الواحد يزول وحده. وإن تكرر فافحص الموجّهات والمسافات بين القطع وخطّط للصيانة.',
    },
  },
  'belt-rejects-high': {
    name: { en: 'Belt rejects high', ar: 'مرفوضات السير مرتفعة' },
    about: { en: 'Finds belts that reject far more items than usual.', ar: 'يكشف السيور التي ترفض قطعًا أكثر بكثير من المعتاد.' },
    why: {
      en: 'Even a worn belt rejects half as many items at full load; this many mean that something is broken.',
      ar: 'حتى السير المهترئ يرفض نصف هذا العدد عند الحمل الكامل؛ أما هذا العدد فيعني عطلًا.',
    },
    runbook: {
      en: 'Check the camera and the feed of the belt; rejects that rise with speed point to spacing, at steady speed to the product.',
      ar: 'افحص الكاميرا وتغذية السير؛ المرفوضات التي تزيد مع السرعة تدل على المسافات، ومع ثبات السرعة تدل على المنتج.',
    },
  },
  'belt-current-high': {
    name: { en: 'Motor current far above usual', ar: 'تيار المحرك أعلى بكثير من المعتاد' },
    about: { en: 'Finds motors that work against something.', ar: 'يكشف المحركات التي تعمل ضد مقاومة.' },
    why: {
      en: 'Current follows the load of the shift, so it is compared with the same hour of the last week. Load alone stays below this ratio.',
      ar: 'يتبع التيار حمل الوردية، لذلك يُقارن بالساعة نفسها في الأسبوع الأخير. والحمل وحده يبقى دون هذه النسبة.',
    },
    runbook: {
      en: 'Check the belt for something stuck and its bearings for heat. High current with low speed means blocked.',
      ar: 'افحص السير بحثًا عن شيء عالق ومحامله بحثًا عن سخونة. التيار المرتفع مع سرعة منخفضة يعني انسدادًا.',
    },
  },
  'belt-throughput-low': {
    name: { en: 'Throughput below last weeks', ar: 'الإنتاج أقل من الأسابيع السابقة' },
    about: {
      en: 'Finds belts that carry far fewer items than at the same time of the last two weeks.',
      ar: 'يكشف السيور التي تنقل قطعًا أقل بكثير مما في الوقت نفسه من الأسبوعين السابقين.',
    },
    why: {
      en: 'Shifts, breaks and Sundays repeat every week. This little for several minutes isn’t chance; on a holiday it may be right.',
      ar: 'تتكرر الورديات والاستراحات والعطل كل أسبوع. هذا القليل لدقائق ليس صدفة، وقد يصح في يوم عطلة.',
    },
    runbook: {
      en: 'Check the belt’s speed first, then what arrives upstream.',
      ar: 'تحقق من سرعة السير أولًا ثم مما يصل إليه.',
    },
  },
} as const satisfies Record<string, ReadyRuleTexts>;
