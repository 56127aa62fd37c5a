import type { Language } from '../format.ts';
import { fillText, type Params } from './fill.ts';
import { issueTexts } from './issues.ts';

/** What is wrong in a file of rules, where the texts of fields don't say it: its YAML, its layout, and how it writes values. Codes are stable. */
export const ruleFileTexts = {
  // The file
  file_large: {
    en: 'The file is larger than {maxBytes}. Split it into several files.',
    ar: 'الملف أكبر من {maxBytes}. قسّمه إلى عدة ملفات.',
  },
  rules_none: {
    en: 'There are no rules in this file. Choose a rule file of Prometheus, an export of Grafana’s alert rules, or a YAML file of this product.',
    ar: 'لا قواعد في هذا الملف. اختر ملف قواعد Prometheus، أو تصدير قواعد التنبيه من Grafana، أو ملف YAML لهذا المنتج.',
  },
  // Its YAML
  yaml_indent: {
    en: 'The indentation is wrong here, or a bracket isn’t closed. Begin all fields of a group, and all entries of a list, below each other.',
    ar: 'المسافة البادئة هنا خاطئة، أو لم يُغلق قوس. ابدأ كل حقول المجموعة وكل عناصر القائمة بعضها تحت بعض.',
  },
  yaml_tab: { en: 'YAML isn’t indented with tabs. Use spaces.', ar: 'لا تُزاح أسطر YAML بمفتاح Tab. استخدم المسافات.' },
  yaml_missing_char: {
    en: 'A character is missing here, such as a closing quote or bracket, “:” or “,”.',
    ar: 'ينقص هنا رمز، مثل علامة اقتباس أو قوس إغلاق أو «:» أو «,».',
  },
  yaml_unexpected: {
    en: 'This doesn’t belong here. Text with characters that mean something in YAML needs quotes.',
    ar: 'لا مكان لهذا هنا. ضع بين علامتي اقتباس كل نص فيه رموز لها معنى في YAML.',
  },
  yaml_start: {
    en: 'Text can’t begin with this character. Put the text in quotes.',
    ar: 'لا يمكن أن يبدأ النص بهذا الرمز. ضع النص بين علامتي اقتباس.',
  },
  yaml_escape: {
    en: 'This isn’t known after a backslash in double quotes. Write the backslash twice.',
    ar: 'هذا غير معروف بعد الشرطة المائلة العكسية داخل علامتي الاقتباس المزدوجتين. اكتب الشرطة مرتين.',
  },
  yaml_name: {
    en: 'A field lacks its “:”, or its name is too long.',
    ar: 'تنقص «:» بعد اسم الحقل، أو الاسم طويل جدًا.',
  },
  yaml_nested: {
    en: 'A group or a list begins below its name. Text that contains “:” needs quotes.',
    ar: 'تبدأ المجموعة أو القائمة تحت اسمها. ضع كل نص فيه «:» بين علامتي اقتباس.',
  },
  yaml_in_brackets: {
    en: 'Inside brackets, lists and groups need brackets too.',
    ar: 'داخل الأقواس تُكتب القوائم والمجموعات بأقواس أيضًا.',
  },
  yaml_other: { en: 'The text isn’t valid YAML here.', ar: 'النص هنا ليس YAML صالحًا.' },
  // What YAML has and files of rules don't
  alias: {
    en: 'References (“*name”) are not allowed. Write the value itself. Text that begins with “*” needs quotes.',
    ar: 'الإحالات («⁦*name⁩») غير مسموح بها. اكتب القيمة نفسها. ضع كل نص يبدأ بـ«*» بين علامتي اقتباس.',
  },
  anchor: {
    en: 'Anchors (“&name”) are not allowed. Leave it out. Text that begins with “&” needs quotes.',
    ar: 'العلامات المرجعية («⁦&name⁩») غير مسموح بها. احذفها. ضع كل نص يبدأ بـ«&» بين علامتي اقتباس.',
  },
  tag: {
    en: 'Tags (“!name”) are not allowed. Leave it out. Text that begins with “!” needs quotes.',
    ar: 'علامات النوع («⁦!name⁩») غير مسموح بها. احذفها. ضع كل نص يبدأ بـ«!» بين علامتي اقتباس.',
  },
  directive: {
    en: 'Directives (“%YAML”) are not allowed. Leave it out; files are YAML 1.2.',
    ar: 'التوجيهات («⁦%YAML⁩») غير مسموح بها. احذفها؛ فالملفات من YAML 1.2.',
  },
  nested_deep: {
    en: 'Lists and groups are nested too deep. Write this with fewer levels.',
    ar: 'القوائم والمجموعات متداخلة أكثر من اللازم. اكتب هذا بمستويات أقل.',
  },
  // Names of fields
  name_text: {
    en: 'This can’t be the name of a field. Names are text; a number needs quotes.',
    ar: 'لا يصلح هذا اسمًا لحقل. الأسماء نصوص؛ ضع العدد بين علامتي اقتباس.',
  },
  name_reserved: { en: 'The name “{name}” can’t be used. Leave it out.', ar: 'لا يمكن استخدام الاسم «⁦{name}⁩». احذفه.' },
  field_twice: { en: 'This field is given twice. Keep one of the two.', ar: 'ورد هذا الحقل مرتين. أبقِ واحدًا منهما.' },
  field_renamed: { en: 'This field is called “{name}” in files.', ar: 'اسم هذا الحقل في الملفات «⁦{name}⁩».' },
  field_similar: { en: 'There is no such field here. Write “{name}”.', ar: 'لا يوجد هذا الحقل هنا. اكتب «⁦{name}⁩».' },
  field_unknown: { en: 'There is no such field here. Use {names}.', ar: 'لا يوجد هذا الحقل هنا. استخدم ⁦{names}⁩.' },
  beside_rules: {
    en: 'This is not known beside “rules”. Move it into a rule, or leave it out.',
    ar: 'هذا غير معروف بجانب «rules». انقله إلى داخل قاعدة أو احذفه.',
  },
  // Values
  type: { en: 'This has to be {expected}, not {given}.', ar: 'يجب أن تكون القيمة هنا {expected}، لا {given}.' },
  text_unquoted: {
    en: 'This has to be text. Put it in quotes: {quoted}.',
    ar: 'يجب أن تكون القيمة هنا نصًا. ضعها بين علامتي اقتباس: ⁦{quoted}⁩.',
  },
  duration_unit: {
    en: 'Write a length of time with its unit, such as {examples} or {last}.',
    ar: 'اكتب المدة مع وحدتها، مثل ⁦{examples}⁩ أو ⁦{last}⁩.',
  },
  rules_list: { en: 'This has to be a list of rules.', ar: 'يجب أن تكون القيمة هنا قائمة من القواعد.' },
  when_missing: {
    en: 'This is missing. Give the conditions: “when: conditions: …”.',
    ar: 'هذا الحقل ناقص. اكتب الشروط: «⁦when: conditions: …⁩».',
  },
  when_group: {
    en: 'This has to be a group of fields: “match” and “conditions”.',
    ar: 'يجب أن تكون القيمة هنا مجموعة من الحقلين «match» و«conditions».',
  },
  score_unused: {
    en: 'Leave this out, or write “match: score”.',
    ar: 'احذف هذا، أو اكتب «⁦match: score⁩».',
  },
  code_twice: {
    en: 'The rule “{code}” is also in {file}, line {line}. Keep one, or give one another code.',
    ar: 'القاعدة «⁦{code}⁩» موجودة أيضًا في ⁦{file}⁩، السطر {line}. أبقِ واحدة، أو أعطِ إحداهما رمزًا آخر.',
  },
  chart_none: {
    en: 'The backend has no chart “{chart}”. Create it first, or name another one.',
    ar: 'لا رسم «⁦{chart}⁩» في الخادم. أنشئه أولًا، أو اذكر رسمًا آخر.',
  },
  // Behind a list of mistakes
  more: { en: '… and {count} more.', ar: '… وأخطاء أخرى عددها {count}.' },
} as const satisfies Record<string, Record<Language, string>>;

/** Types of values, as `type` names them. */
export const valueTypes = {
  string: { en: 'text', ar: 'نصًا' },
  number: { en: 'a number', ar: 'عددًا' },
  int: { en: 'a whole number', ar: 'عددًا صحيحًا' },
  fraction: { en: 'a number with a fraction', ar: 'عددًا كسريًا' },
  infinite: { en: 'a value that is no number', ar: 'قيمة ليست عددًا' },
  boolean: { en: 'true or false', ar: '⁦true⁩ أو ⁦false⁩' },
  array: { en: 'a list', ar: 'قائمة' },
  object: { en: 'a group of fields', ar: 'مجموعة حقول' },
  null: { en: 'nothing', ar: 'قيمة فارغة' },
  other: { en: 'something else', ar: 'شيئًا آخر' },
} as const satisfies Record<string, Record<Language, string>>;
export type ValueType = keyof typeof valueTypes;

const texts = { ...issueTexts, ...ruleFileTexts };
export type FileMistakeCode = keyof typeof texts;

/** What is wrong at a place of a file, as data from which it is written in any language. */
export interface FileMistake {
  code: FileMistakeCode;
  params?: Params;
}

export const isMistakeCode = (code: unknown): code is FileMistakeCode => typeof code === 'string' && Object.hasOwn(texts, code);
const isValueType = (type: unknown): type is ValueType => typeof type === 'string' && Object.hasOwn(valueTypes, type);

/** Describes what is wrong in a file of rules, and how to mend it. */
export function describeFileMistake({ code, params = {} }: FileMistake, language: Language): string {
  const named = (type: unknown) => valueTypes[isValueType(type) ? type : 'other'][language];
  const filled = code === 'type' ? { expected: named(params['expected']), given: named(params['given']) } : params;
  return fillText(texts[code][language], filled, language);
}
