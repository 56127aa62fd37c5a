import { defineMessages } from '#renderer/ui/i18n.ts';
import { words as shared } from '../words.ts';

/** Words of putting a dashboard on paper. */
export const words = defineMessages(
  {
    ...shared.en,
    exportTitle: 'Export “{title}”',
    exportWorking: 'Drawing {done} of {count} panels…',
    exportSetting: 'Setting the pages…',
    exported: '{name} was saved',
    noPicture: 'No picture could be made of this panel.',
  },
  {
    ...shared.ar,
    exportTitle: 'تصدير «{title}»',
    exportWorking: 'رسم {done} من {count} ألواح…',
    exportSetting: 'إعداد الصفحات…',
    exported: 'حُفظ {name}',
    noPicture: 'تعذر صنع صورة لهذا اللوح.',
  },
);
