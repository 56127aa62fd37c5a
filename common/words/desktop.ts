import type { Language } from '../format.ts';

/** Texts of the desktop host: the tray icon and its menu. */
export const desktopTexts: Record<Language, { none: string; one: string; many: string; open: string; quit: string; cannotStart: string }> =
  {
    en: {
      none: 'Every firing alert has an owner',
      one: '1 alert needs an owner',
      many: 'Alerts that need an owner: {count}',
      open: 'Open Watchfloor',
      quit: 'Quit',
      cannotStart: 'Watchfloor can’t start',
    },
    ar: {
      none: 'لكل تنبيه نشط مسؤول',
      one: 'تنبيه واحد يحتاج إلى مسؤول',
      many: 'تنبيهات تحتاج إلى مسؤول: {count}',
      open: 'فتح Watchfloor',
      quit: 'إنهاء',
      cannotStart: 'يتعذر تشغيل Watchfloor',
    },
  };
