import { defineMessages } from '#renderer/ui/i18n.ts';

export const words = defineMessages(
  {
    keys: 'Arrow keys move, plus and minus zoom, Shift with arrows reads values, Backspace goes back.',
    local: 'local',
    nothingHere: 'Nothing was measured here.',
    more: { one: 'and {count} more', other: 'and {count} more' },
    drawing: 'Drawing the chart…',
    selection: '{length} selected',
  },
  {
    keys: 'الأسهم للتحريك، وزائد وناقص للتكبير، وShift مع الأسهم لقراءة القيم، وBackspace للرجوع.',
    local: 'محلي',
    nothingHere: 'لم يُقَس شيء هنا.',
    more: { zero: 'ولا غيرها', one: 'وواحدة أخرى', two: 'واثنتان أخريان', few: 'و{count} أخرى', other: 'و{count} أخرى' },
    drawing: 'جارٍ رسم المخطط…',
    selection: 'حُدد {length}',
  },
);
