import { fillText, type Language, type Params } from './fill.ts';
import { describeFileMistake, type FileMistake } from './rule-files.ts';

/**
 * Why a rule of Prometheus or Grafana isn't imported, and what an imported one does differently or has lost. Codes are stable. Each text says
 * what to do where something can be done.
 */
export const importTexts = {
  // Refused: the file
  recording_rule: {
    en: 'This is a recording rule, which stores a new series. Rules here only fire alerts.',
    ar: 'هذه قاعدة تسجيل تخزّن سلسلة جديدة. القواعد هنا تُطلق التنبيهات فقط.',
  },
  field_missing: { en: '“{field}” is missing.', ar: 'الحقل «{field}» ناقص.' },
  field_text: { en: '“{field}” isn’t text.', ar: 'الحقل «{field}» ليس نصًا.' },
  field_texts: { en: '“{field}” isn’t a group of names and texts.', ar: 'الحقل «{field}» ليس مجموعة أسماء ونصوص.' },
  field_duration: { en: '“{field}” isn’t a duration such as 5m: {value}', ar: 'الحقل «{field}» ليس مدة مثل 5m:‏ {value}' },
  field_value: { en: '“{field}” has a value that isn’t known: {value}', ar: 'قيمة الحقل «{field}» غير معروفة: {value}' },
  duration_long: { en: '“{field}” is longer than {maxMs}.', ar: 'مدة «{field}» أطول من {maxMs}.' },
  not_valid: { en: 'The rule isn’t valid here. {field}: {problem}', ar: 'القاعدة غير صالحة هنا. {field}: {problem}' },
  // Refused: reading the expression
  expression_empty: { en: 'The expression is empty.', ar: 'التعبير فارغ.' },
  expression_long: { en: 'The expression is longer than {max} characters.', ar: 'التعبير أطول من {max} حرف.' },
  expression_deep: { en: 'The expression is nested too deep.', ar: 'التعبير متداخل أكثر من اللازم.' },
  expression_ends: { en: 'The expression ends too early.', ar: 'ينتهي التعبير قبل اكتماله.' },
  unreadable: { en: 'The expression can’t be read at “{text}”.', ar: 'تعذرت قراءة التعبير عند «{text}».' },
  metric_none: {
    en: 'The selector names no metric. A chart shows one metric, so name it.',
    ar: 'لا يذكر المحدِّد مقياسًا. يعرض الرسم مقياسًا واحدًا، فاذكر اسمه.',
  },
  metric_twice: { en: 'The selector names a second metric, “{name}”.', ar: 'يذكر المحدِّد مقياسًا ثانيًا «{name}».' },
  at_time: {
    en: '“@” asks for a fixed time. The windows of conditions end at the evaluation.',
    ar: 'تطلب «@» وقتًا ثابتًا. تنظر الشروط في نوافذ تنتهي عند التقييم.',
  },
  offset_future: { en: 'The offset lies in the future.', ar: 'الإزاحة في المستقبل.' },
  subquery: {
    en: 'This is a subquery. A condition evaluates the stored values of a window; store the inner result as a metric.',
    ar: 'هذا استعلام فرعي. ينظر الشرط في القيم المخزنة في النافذة؛ خزّن النتيجة الداخلية في مقياس.',
  },
  // Refused: meaning of the expression
  matcher: {
    en: '{matcher} isn’t an exact value. A rule narrows its series by exact labels; write a rule for each value.',
    ar: '{matcher} ليست مساواة بنص. تضيّق القاعدة سلاسلها بقيم مطابقة؛ اكتب قاعدة لكل قيمة.',
  },
  matcher_empty: {
    en: 'This asks for series without the label “{label}”, which a rule can’t.',
    ar: 'هذا يطلب سلاسل بلا الوسم «{label}»، ولا تستطيع القاعدة ذلك.',
  },
  matcher_never: {
    en: 'The label “{label}” can’t have two values at once, so nothing ever matches.',
    ar: 'لا يمكن أن يكون للوسم «{label}» قيمتان معًا، فلا شيء يطابق أبدًا.',
  },
  range_bare: {
    en: 'A range needs a function that makes one value of it, such as avg_over_time().',
    ar: 'يحتاج المدى إلى دالة تجعل منه قيمة واحدة، مثل ⁦avg_over_time()⁩.',
  },
  range_needed: {
    en: '{name}() needs a selector with a range, such as metric[5m].',
    ar: 'تحتاج ⁦{name}()⁩ إلى محدِّد له مدى، مثل ⁦metric[5m]⁩.',
  },
  window_bounds: {
    en: 'The window of {windowMs} isn’t between {minMs} and {maxMs}.',
    ar: 'النافذة {windowMs} ليست بين {minMs} و{maxMs}.',
  },
  quantile: {
    en: 'Only the quantiles 0.5, 0.95 and 0.99 have a counterpart.',
    ar: 'لا مقابل إلا للمئينات 0.5 و0.95 و0.99.',
  },
  function: {
    en: '{name}() has no counterpart in conditions.',
    ar: 'لا مقابل للدالة ⁦{name}()⁩ في الشروط.',
  },
  function_rate: {
    en: '{name}() handles restarts of counters and extrapolates; conditions compare stored values. Store the rate as a metric, and compare that.',
    ar: 'تعالج ⁦{name}()⁩ إعادة بدء العدادات وتستكمل ما بعد القيم؛ والشروط تقارن القيم المخزنة. خزّن المعدل في مقياس وقارنه.',
  },
  changes: {
    en: 'changes() has a counterpart only where it is compared with zero: changes(…) == 0.',
    ar: 'لا مقابل للدالة ⁦changes()⁩ إلا عند مقارنتها بالصفر: ⁦changes(…) == 0⁩.',
  },
  absent_compared: {
    en: '{name}() has a counterpart only by itself, not in a calculation.',
    ar: 'لا مقابل للدالة ⁦{name}()⁩ إلا وحدها، لا ضمن حساب.',
  },
  absent_of: {
    en: 'absent() has a counterpart only for a selector.',
    ar: 'لا مقابل للدالة ⁦absent()⁩ إلا لمحدِّد.',
  },
  across_series: {
    en: '{name} combines several series; a rule evaluates each series by itself. Store the combined value as a metric.',
    ar: 'تجمع {name} عدة سلاسل؛ والقاعدة تُقيّم كل سلسلة وحدها. خزّن القيمة المجمّعة في مقياس.',
  },
  operator: {
    en: '“{operator}” calculates with values; conditions compare them as they are stored. Move numbers to the other side of the comparison, or store the result as a metric.',
    ar: 'تحسب «{operator}» بالقيم؛ والشروط تقارنها كما خُزّنت. انقل الأعداد إلى الطرف الآخر من المقارنة، أو خزّن النتيجة في مقياس.',
  },
  numbers_only: { en: 'This consists of numbers alone, without a metric.', ar: 'هنا أعداد فقط، بلا مقياس.' },
  not_compared: {
    en: 'Nothing is compared with a number here, such as metric > 5.',
    ar: 'لا شيء يُقارن هنا بعدد، مثل ⁦metric > 5⁩.',
  },
  threshold_infinite: { en: 'The threshold isn’t a finite number.', ar: 'العتبة ليست عددًا منتهيًا.' },
  bool: {
    en: '“bool” turns the comparison into a number that is always there, so it would always fire. Leave it out.',
    ar: 'تحوّل «bool» المقارنة إلى عدد موجود دائمًا، فتنشط دائمًا. احذفها.',
  },
  matching: {
    en: '“{word}” joins series with different labels. All conditions of a rule evaluate the same series.',
    ar: 'تربط «{word}» سلاسل مختلفة الوسوم. كل شروط القاعدة تنظر في السلسلة نفسها.',
  },
  unless: {
    en: '“unless” leaves out series for which something else is there. Conditions have no “not”.',
    ar: 'تستبعد «unless» سلاسل يوجد لها شيء آخر. لا نفي في الشروط.',
  },
  mixed_logic: {
    en: 'The conditions of a rule are joined by “and” or by “or”, not by both. Write several rules.',
    ar: 'تُربط شروط القاعدة بـ«and» أو بـ«or» لا بكليهما. اكتب عدة قواعد.',
  },
  several_metrics: {
    en: 'This joins the metrics {one} and {other}; a rule evaluates one chart, which shows one metric. Write a rule for each, or store the result as a metric.',
    ar: 'هذا يربط المقياسين {one} و{other}؛ والقاعدة تُقيّم رسمًا واحدًا يعرض مقياسًا واحدًا. اكتب قاعدة لكل منهما، أو خزّن النتيجة في مقياس.',
  },
  several_series: {
    en: 'Both sides must select the same series, with the same labels.',
    ar: 'يجب أن يحدد الطرفان السلاسل نفسها بالوسوم نفسها.',
  },
  several_windows: {
    en: 'Both sides must have the same function and the same window.',
    ar: 'يجب أن يكون للطرفين الدالة نفسها والنافذة نفسها.',
  },
  offset_same: {
    en: 'Both sides are about the same time. Give the earlier one an offset.',
    ar: 'الطرفان عن الوقت نفسه. أعط الأقدم إزاحة.',
  },
  offset_long: { en: 'The offset is longer than {maxMs}.', ar: 'الإزاحة أطول من {maxMs}.' },
  offsets_differ: {
    en: 'All conditions of a rule are about the same time; here they have different offsets.',
    ar: 'كل شروط القاعدة تنظر في الوقت نفسه؛ وإزاحاتها هنا مختلفة.',
  },
  ratio_offset: {
    en: 'A ratio has a counterpart only with an offset of one day or one week.',
    ar: 'لا مقابل للنسبة إلا مع إزاحة يوم واحد أو أسبوع واحد.',
  },
  ratio_inverse: {
    en: 'Divide the newer value by the earlier one, and invert the threshold.',
    ar: 'اقسم القيمة الأحدث على الأقدم، واقلب العتبة.',
  },
  ratio_zero: {
    en: 'Zero divided by zero counts as unchanged here and would fire, which it doesn’t in Prometheus.',
    ar: 'قسمة صفر على صفر تعني هنا «لم يتغيّر» فتنشط القاعدة، ولا تنشط في Prometheus.',
  },
  conditions_over: { en: 'A rule has at most {max} conditions.', ar: 'للقاعدة {max} شروط على الأكثر.' },
  // Refused: chart
  chart_none: {
    en: 'No chart shows {metric}. Create one, or name another one for it.',
    ar: 'لا رسم يعرض {metric}. أنشئ رسمًا له، أو اختر له رسمًا آخر.',
  },
  chart_narrower: {
    en: 'The chart {chart} shows {metric} only with {labels}, and the expression is about other series too. Create a chart without these labels.',
    ar: 'يعرض الرسم {chart} المقياس {metric} مع {labels} فقط، والتعبير عن سلاسل أخرى أيضًا. أنشئ رسمًا بلا هذه الوسوم.',
  },
  chart_unknown: {
    en: 'There is no chart {chart}, which was named for {metric}.',
    ar: 'لا يوجد الرسم {chart} الذي اختير للمقياس {metric}.',
  },
  chart_missing: {
    en: 'There is no chart {chart}. Create it first, or name another one.',
    ar: 'لا يوجد الرسم {chart}. أنشئه أولًا، أو اذكر رسمًا آخر.',
  },
  label_of_signal: {
    en: 'The chart {chart} shows signals, whose only label is “segment”; the expression asks for “{label}”.',
    ar: 'يعرض الرسم {chart} إشارات وسمها الوحيد «segment»؛ والتعبير يطلب «{label}».',
  },
  // Refused: Grafana
  grafana_source: {
    en: 'The data source ({source}) is not Prometheus.',
    ar: 'مصدر البيانات ({source}) ليس Prometheus.',
  },
  grafana_node: { en: 'Expressions of the kind “{type}” have no counterpart.', ar: 'لا مقابل للتعبيرات من النوع «{type}».' },
  reference_unknown: { en: 'There is no query “{name}”.', ar: 'لا يوجد الاستعلام «{name}».' },
  reduce_missing: {
    en: 'Query {name} gives a range of values; one has to be made of them (reduce), or the query has to be an instant one.',
    ar: 'يعطي الاستعلام {name} مدى من القيم؛ يجب اختزالها إلى قيمة (reduce)، أو جعل الاستعلام لحظيًا.',
  },
  reduce_function: {
    en: 'Reducing with “{name}” has no counterpart: it depends on how often Grafana samples the query.',
    ar: 'لا مقابل للاختزال بـ«{name}»: فهو يتوقف على عدد العينات التي تأخذها Grafana.',
  },
  reduce_nested: {
    en: '“{name}” of a calculated range has no counterpart. Make the query an instant one.',
    ar: 'لا مقابل لـ«{name}» على مدى محسوب. اجعل الاستعلام لحظيًا.',
  },
  reduce_replaces: {
    en: 'Replacing missing values has no counterpart.',
    ar: 'لا مقابل لاستبدال القيم الناقصة.',
  },
  classic_and: {
    en: 'Classic conditions joined by “and” may be met by different series. Use an expression of the kind “math”.',
    ar: 'الشروط القديمة المربوطة بـ«and» قد تحققها سلاسل مختلفة. استخدم تعبيرًا من النوع «math».',
  },
  evaluator: { en: 'The comparison “{type}” has no counterpart.', ar: 'لا مقابل للمقارنة «{type}».' },
  recovery: {
    en: 'The recovery threshold has a counterpart only with one comparison, above or below.',
    ar: 'لا مقابل لعتبة التعافي إلا مع مقارنة واحدة: فوق أو دون.',
  },
  zero_value: {
    en: 'The comparison holds for 0, for which Grafana doesn’t fire: it asks whether the value that is left isn’t zero. Compare in an expression of the kind “threshold”.',
    ar: 'تصح المقارنة للقيمة 0 ولا تنشط Grafana عندها، لأنها تسأل هل القيمة الباقية غير صفر. قارن في تعبير من النوع «threshold».',
  },
  // Remarks on imported rules
  absent_each: {
    en: '{name}() fires once, when all of these series are missing; here each series fires that has no points.',
    ar: 'تنشط ⁦{name}()⁩ مرة واحدة عند غياب كل هذه السلاسل؛ وهنا تنشط كل سلسلة بلا نقاط.',
  },
  unchanged_points: {
    en: 'With a single point in the window, Prometheus fires; here two are needed.',
    ar: 'تكفي Prometheus نقطة واحدة في النافذة لتنشط؛ وهنا نقطتان.',
  },
  group_single: {
    en: '{name} combines nothing: each of its groups is one series now. If more appear, each fires by itself.',
    ar: 'لا تجمع {name} شيئًا: كل مجموعة الآن سلسلة واحدة. وإن ظهرت سلاسل أخرى نشطت كل منها وحدها.',
  },
  group_limit: {
    en: 'The limit of {value} alerts isn’t carried over.',
    ar: 'لم يُنقل حد عدد التنبيهات ({value}).',
  },
  interval: {
    en: 'It is evaluated every {usedMs} instead of every {wantedMs}.',
    ar: 'تُقيَّم كل {usedMs} بدل كل {wantedMs}.',
  },
  severity_none: {
    en: 'It has no label “severity”, so it is WARNING here.',
    ar: 'ليس لها الوسم «severity»، فدرجتها هنا «تحذير».',
  },
  severity_unknown: {
    en: 'The severity “{text}” isn’t known, so it is WARNING here. The label is kept.',
    ar: 'درجة الخطورة «{text}» غير معروفة، فهي هنا «تحذير». أُبقي الوسم.',
  },
  text_name: {
    en: '“{name}” can’t be the name of a label or annotation here, and is left out.',
    ar: 'لا يصلح «{name}» اسمًا لوسم أو لنص هنا، واستُبعد.',
  },
  text_cut: { en: '“{name}” is longer than {max} characters and was cut.', ar: 'النص «{name}» أطول من {max} حرف فقُصّ.' },
  label_taken: {
    en: 'The label “{name}” is left out, because every series of the rule has it.',
    ar: 'استُبعد الوسم «{name}» لأنه في كل سلاسل القاعدة.',
  },
  labels_over: { en: 'Only the first {max} labels are kept.', ar: 'أُبقيت أول {max} وسمًا فقط.' },
  annotations_over: { en: 'Only the first {max} annotations are kept.', ar: 'أُبقي أول {max} نصًا فقط.' },
  template_left: {
    en: 'In “{field}”, {text} has no counterpart and stays as text.',
    ar: 'في «{field}» لا مقابل لـ {text} وبقيت نصًا.',
  },
  value_current: {
    en: 'In “{field}” the value is the current one here, not the result of the expression.',
    ar: 'القيمة في «{field}» هي القيمة الحالية هنا، لا نتيجة التعبير.',
  },
  series_none: {
    en: 'There is no series {metric} with {labels} now.',
    ar: 'لا توجد الآن سلسلة {metric} مع {labels}.',
  },
  series_none_at_all: { en: 'There is no series {metric} now.', ar: 'لا توجد الآن سلسلة {metric}.' },
  chart_labels: {
    en: 'The chart {chart} shows only series with {labels}.',
    ar: 'يعرض الرسم {chart} السلاسل ذات {labels} فقط.',
  },
  chart_signals: {
    en: 'The chart {chart} shows signals: averages weigh records, and sums and counts are of records.',
    ar: 'يعرض الرسم {chart} إشارات: المتوسط مرجّح بالسجلات، والمجموع والعدد للسجلات.',
  },
  field_dropped: { en: '“{field}” isn’t carried over.', ar: 'لم يُنقل الحقل «{field}».' },
  range_sampled: {
    en: 'Grafana samples the range at intervals; here all points of the window count.',
    ar: 'تأخذ Grafana عينات من المدى على فترات؛ وهنا تُحسب كل نقاط النافذة.',
  },
  classic_one: {
    en: 'The classic condition fires once for all series; here each series fires.',
    ar: 'ينشط الشرط القديم مرة لكل السلاسل؛ وهنا تنشط كل سلسلة.',
  },
  no_data_series: {
    en: 'Without data it fires, as in Grafana; here also for a single series that has no points.',
    ar: 'تنشط بلا بيانات كما في Grafana؛ وهنا أيضًا لسلسلة واحدة بلا نقاط.',
  },
  gone_after: {
    en: 'A missing series resolves after {count} evaluations here, not {value}.',
    ar: 'ينتهي تنبيه السلسلة الغائبة هنا بعد عدد {count} من التقييمات، لا {value}.',
  },
} as const satisfies Record<string, Record<Language, string>>;

export type ImportCode = keyof typeof importTexts;

/** Something that a person needs to know about an imported rule, as data from which it is written in any language. */
export interface ImportNote {
  code: ImportCode;
  params: Params;
  /** What is wrong with a field of the rule; only with `not_valid`. */
  mistake?: FileMistake;
}

/** Writes why a rule isn't imported, or what differs. */
export function describeImport({ code, params, mistake }: ImportNote, language: Language): string {
  const text = importTexts[code][language];
  const problem = mistake && describeFileMistake(mistake, language);
  return fillText(text, { ...(language === 'ar' ? isolated(params) : params), ...(problem !== undefined && { problem }) }, language);
}

/** Names and expressions are written from left to right, also inside an Arabic sentence. */
const isolated = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? `⁦${value}⁩` : value]));
