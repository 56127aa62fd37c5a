import type { Language } from './fill.ts';

/** Texts of the browser host's own responses, without the console. */
export const webTexts = {
  foreign: {
    en: 'This address doesn’t belong to this console. Open the link that the console printed when it started.',
    ar: 'هذا العنوان ليس من عناوين وحدة المراقبة هذه. افتح الرابط الذي طبعته وحدة المراقبة عند بدء تشغيلها.',
  },
  signedOut: {
    en: 'This browser isn’t signed in, or the link has already been used. Open the newest link: the console prints it and keeps it in the file console-link in its data folder.',
    ar: 'لم يسجّل هذا المتصفح الدخول، أو سبق استعمال الرابط. افتح أحدث رابط: تطبعه وحدة المراقبة وتحفظه في الملف console-link في مجلد بياناتها.',
  },
  noFile: { en: 'There is no such file.', ar: 'لا يوجد ملف بهذا الاسم.' },
} as const satisfies Record<string, Record<Language, string>>;

/** Returns the language for an `Accept-Language` header: Arabic when it comes first, otherwise English. */
export const languageOf = (accepted: string | undefined): Language => (/^\s*ar\b/i.test(accepted ?? '') ? 'ar' : 'en');
