import { defineMessages } from '#renderer/ui/i18n.ts';
import { words as shared } from '../words.ts';

/** Texts of exporting a dashboard. */
export const words = defineMessages(
  {
    ...shared.en,
    exportTitle: 'Export “{title}”',
    exportWorking: 'Drawing {done} of {count} panels…',
    exportSetting: 'Preparing pages…',
    exported: 'Saved {name}',
    noPicture: 'This panel couldn’t be drawn.',
  },
  {
    ...shared.ar,
    exportTitle: 'تصدير «{title}»',
    exportWorking: 'جارٍ رسم الألواح: {done} من {count}…',
    exportSetting: 'جارٍ تجهيز الصفحات…',
    exported: 'حُفظ {name}',
    noPicture: 'تعذر رسم هذا اللوح.',
  },
);
