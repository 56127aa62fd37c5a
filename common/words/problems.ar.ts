import type { problems } from './problems.en.ts';

type Texts<P> = P extends { hint: string } ? { message: string; hint: string } : { message: string };

/** The problems of the console’s core in Arabic. */
export const arabicProblems: { [Reason in keyof typeof problems]: Texts<(typeof problems)[Reason]> } = {
  role_too_low: { message: 'دورك في {connection} هو {role}، وهذا يتطلب {needed}.', hint: 'اطلب هذا الدور من مسؤول النظام.' },
  change_needs_contact: {
    message: 'يتعذر الوصول إلى {connection}، ولا يمكن إجراء هذا التغيير دون اتصال.',
    hint: 'أعد المحاولة عندما يعود الاتصال.',
  },
  change_unanswered: {
    message: 'لم يرد {connection}؛ ربما أُجري التغيير وربما لم يُجرَ.',
    hint: 'تحقق من الحالة عندما يعود الاتصال.',
  },
  not_connected_yet: { message: 'لم يتصل {connection} بعد.' },
  connection_removed: { message: 'أُزيل هذا الاتصال.' },
  connection_closed: { message: 'أُغلق الاتصال.' },
  address_taken: { message: 'العنوان مستخدم في الاتصال «{connection}».' },
  changes_waiting: {
    message: 'تغييرات معلّقة للاتصال «{connection}»: {count}.',
    hint: 'انتظر حتى تُسلَّم أو تجاهلها، ثم أزل الاتصال.',
  },
  drafts_unsaved: {
    message: 'في «{connection}» تغييرات غير محفوظة على اللوحات: {dashboards}.',
    hint: 'احفظها أو تجاهلها، ثم أزل الاتصال.',
  },
  certificate_unreadable: {
    message: 'شهادة جهة الإصدار ليست بتنسيق PEM.',
    hint: 'الصق النص كاملًا، من ‎-----BEGIN CERTIFICATE-----‎ إلى ‎-----END CERTIFICATE-----‎.',
  },
  certificate_expired: {
    message: 'انتهت صلاحية شهادة {host}.',
    hint: 'جدّد الشهادة على الخادم، وتحقق من ساعة هذا الحاسوب.',
  },
  certificate_other_name: { message: 'شهادة {host} صادرة لاسم آخر.', hint: 'استعمل الاسم الذي صدرت له الشهادة.' },
  certificate_untrusted: {
    message: 'شهادة {host} غير موقّعة من جهة موثوقة على هذا الحاسوب.',
    hint: 'أضف شهادة الجهة الخاصة في إعدادات هذا الاتصال.',
  },
  no_tls: { message: 'لا يستعمل {host} تشفير TLS.', hint: 'استعمل عنوانًا يبدأ بـ http://‎، أو أضف TLS أمام الخادم.' },
  connection_refused: { message: 'لا شيء يرد على {host}.', hint: 'تحقق من أن الخادم يعمل وأن المنفذ صحيح.' },
  host_unknown: { message: 'لا يوجد مضيف باسم {host}.', hint: 'تحقق من الاسم ومن شبكة هذا الحاسوب.' },
  host_lookup_failed: { message: 'يتعذر الآن العثور على عنوان الاسم {host}.', hint: 'تحقق من شبكة هذا الحاسوب.' },
  no_route: { message: 'لا يوجد مسار في الشبكة إلى {host}.', hint: 'تحقق من شبكة هذا الحاسوب.' },
  no_answer: { message: 'لا يرد {host}.', hint: 'تحقق من أن الخادم يعمل. تواصل وحدة المراقبة المحاولة.' },
  silence: {
    message: 'لم يرسل {host} شيئًا منذ {silenceMs}.',
    hint: 'ربما انقطعت الشبكة بينهما. تواصل وحدة المراقبة المحاولة.',
  },
  not_a_backend: { message: 'يرد {host}، لكنه ليس خادم Watchfloor.', hint: 'تحقق من العنوان والمنفذ.' },
  backend_too_old: {
    message: 'لا توجد نسخة بروتوكول مشتركة بين الخادم {backend} ووحدة المراقبة {console}.',
    hint: 'حدّث الخادم: وحدة المراقبة هذه أحدث من أن تعمل معه.',
  },
  console_too_old: {
    message: 'لا توجد نسخة بروتوكول مشتركة بين الخادم {backend} ووحدة المراقبة {console}.',
    hint: 'حدّث وحدة المراقبة: الخادم أحدث من أن تعمل معه.',
  },
  signed_out: { message: 'سجّلت الخروج.', hint: 'سجّل الدخول لترى الجديد.' },
  not_signed_in: { message: 'لم يسجّل أحد الدخول في هذا الاتصال.', hint: 'سجّل الدخول باسمك وكلمة مرورك.' },
  session_ended: { message: 'انتهت جلسة {username} ولا توجد كلمة مرور محفوظة.', hint: 'سجّل الدخول مجددًا.' },
  password_changed: { message: 'لم يعد الخادم يقبل كلمة المرور المحفوظة للمستخدم {username}.', hint: 'سجّل الدخول بكلمة المرور الجديدة.' },
  clock_ahead: { message: 'ساعة الخادم متقدمة على ساعة هذا الحاسوب بمقدار {skewMs}.', hint: 'اضبط الساعتين من الشبكة (NTP).' },
  clock_behind: { message: 'ساعة الخادم متأخرة عن ساعة هذا الحاسوب بمقدار {skewMs}.', hint: 'اضبط الساعتين من الشبكة (NTP).' },
  other_deployment: {
    message: 'يرد الآن خادم آخر على هذا العنوان؛ كان التغيير موجهًا إلى الخادم السابق.',
    hint: 'تجاهله، أو أعد المحاولة إن كان التنبيه موجودًا هناك أيضًا.',
  },

  sign_in_to_change: { message: 'لم يسجّل أحد الدخول في {connection}.', hint: 'سجّل الدخول أولًا: يحمل التغيير اسمك.' },
  alert_unknown: { message: 'لا تعرف وحدة المراقبة التنبيه {id} في {connection}.', hint: 'يُحتفظ بالتنبيهات المنتهية مدة {keptMs}.' },
  alert_unknown_offline: { message: 'لا تعرف وحدة المراقبة التنبيه {id} في {connection}.', hint: 'ابحث عنه مجددًا عندما يعود الاتصال.' },
  alert_resolved: { message: 'انتهى التنبيه.', hint: 'لم يبقَ ما يلزم فعله.' },
  alerts_resolved: { message: 'انتهت كل التنبيهات، وعددها {count}.', hint: 'لم يبقَ ما يلزم فعله.' },
  snooze_in_past: { message: 'ينتهي التأجيل قبل أن يبدأ.', hint: 'اختر وقتًا في المستقبل.' },
  change_gone: { message: 'لم يعد هذا التغيير معلّقًا: إما سُلّم وإما أُلغي.' },
  nothing_to_undo: { message: 'لم يبقَ ما يمكن التراجع عنه.' },
  other_person: {
    message: 'أجرى {author} هذا التغيير، والمستخدم الآن هو {username}.',
    hint: 'سجّل الدخول باسم {author} لتسليمه، أو تجاهله.',
  },
  nobody_signed_in: {
    message: 'أجرى {author} هذا التغيير، ولم يسجّل أحد الدخول الآن.',
    hint: 'سجّل الدخول باسم {author} لتسليمه، أو تجاهله.',
  },

  range_reversed: { message: 'ينتهي المدى قبل أن يبدأ.', hint: 'اختر نهاية بعد البداية.' },
  dashboard_unknown: { message: 'لا توجد لوحة باسم {code}.' },
  charts_never_read: {
    message: 'لم تُقرأ رسوم هذه اللوحة على هذا الحاسوب من قبل.',
    hint: 'صدّرها عندما يمكن الوصول إلى الخادم.',
  },
  not_json: { message: 'هذا ليس JSON.', hint: 'الصق الملف كاملًا كما صُدّر.' },
  too_many_documents: {
    message: 'يجري إعداد أكبر عدد ممكن من المستندات في آن واحد: {count}.',
    hint: 'انتظر حتى ينتهي أحدها، أو ألغِه.',
  },
  document_gone: { message: 'أُلغي هذا المستند.', hint: 'صدّره مجددًا.' },
  document_cancelled: { message: 'أُلغي التصدير.' },
  picture_unexpected: { message: 'لا يوجد في المستند لوح باسم {panel}.' },
  picture_not_png: { message: 'صورة اللوح {panel} ليست بتنسيق PNG.' },
  pictures_too_large: { message: 'حجم الصور أكبر من {limitBytes}.', hint: 'صدّر لوحات أقل، أو من نافذة أصغر.' },
  time_zone_unknown: { message: 'لا توجد منطقة زمنية باسم {timeZone}.', hint: 'استعمل اسمًا مثل Asia/Dubai.' },

  closing: { message: 'يجري إغلاق وحدة المراقبة.' },
  core_unreachable: {
    message: 'لم ترد نواة وحدة المراقبة.',
    hint: 'تواصل هذه النافذة المحاولة. إن استمر هذا، فتحقق من أن عملية وحدة المراقبة ما زالت تعمل.',
  },
  error_unreadable: { message: 'ردت نواة وحدة المراقبة بخطأ تتعذر قراءته.' },
  too_many_calls: { message: 'يجري تنفيذ أكثر من {count} طلب.', hint: 'انتظر حتى ينتهي بعضها.' },
  call_unknown: { message: 'لا تعرف وحدة المراقبة الطلب {call}.', hint: 'أعد تحميل النافذة.' },
  unexpected: { message: 'حدث خطأ داخل وحدة المراقبة.', hint: 'ابحث في سجل وحدة المراقبة عن {requestId}.' },
  link_not_opened: { message: 'لا تُفتح خارج وحدة المراقبة إلا صفحات الويب وعناوين البريد.' },
  no_browser: { message: 'لا يوجد على هذا الحاسوب برنامج يفتح {url}.', hint: 'انسخ العنوان.' },
  secrets_unreadable: {
    message: 'تتعذر قراءة ملف الأسرار {path}.',
    hint: 'انقله إلى مكان آخر وسجّل الدخول مجددًا: يلزم إدخال كلمات المرور مرة أخرى.',
  },
  no_keychain: {
    message: 'لا توجد على هذا الحاسوب سلسلة مفاتيح صالحة ({cause}). تُحفظ كلمات المرور في {path} ولا يقرؤها إلا مالك الملف.',
    hint: 'شغّل خدمة سلسلة المفاتيح (في Linux: ‏gnome-keyring أو KWallet في جلسة سطح المكتب)، ثم أعد تشغيل وحدة المراقبة وسجّل الدخول مجددًا.',
  },
  database_thread_ended: { message: 'توقفت عملية قاعدة البيانات المحلية قبل أن ترد.', hint: 'أعد المحاولة: تتولى عملية أخرى العمل.' },
  database_failed: {
    message: 'تعطلت قاعدة البيانات المحلية: {cause}.',
    hint: 'أعد تشغيل وحدة المراقبة؛ فهي تفحص قاعدة بياناتها عند البدء.',
  },
  database_disk_full: { message: 'القرص الذي يحوي {file} ممتلئ، ولم يتغير شيء.', hint: 'أفرغ بعض المساحة، ثم أعد المحاولة.' },
  database_damaged: {
    message: 'قاعدة البيانات المحلية تالفة.',
    hint: 'أعد تشغيل وحدة المراقبة: تُصلح قاعدة بياناتها عند البدء.',
  },
  database_restored: {
    message:
      'كانت قاعدة البيانات المحلية تالفة ({cause})، فأُنشئت قاعدة جديدة. استُرجع من القديمة: التغييرات المعلّقة {changes}، الاتصالات {connections}، اللوحات غير المحفوظة {drafts}.',
    hint: 'حُفظ الملف التالف باسم {aside}. تحقق من قرص هذا الحاسوب. تُقرأ بقية البيانات من الخادم مجددًا.',
  },
  database_restored_in_part: {
    message:
      'كانت قاعدة البيانات المحلية تالفة ({cause})، فأُنشئت قاعدة جديدة. استُرجع من القديمة: التغييرات المعلّقة {changes}، الاتصالات {connections}، اللوحات غير المحفوظة {drafts}. وربما فُقد غيرها.',
    hint: 'حُفظ الملف التالف باسم {aside}. تحقق من قرص هذا الحاسوب. تُقرأ بقية البيانات من الخادم مجددًا.',
  },
  database_in_memory: {
    message:
      'تعذر فتح قاعدة البيانات المحلية {file} ‏({cause}). تُحفظ بيانات هذه الجلسة في الذاكرة: تضيع التغييرات المعلّقة عند إغلاق وحدة المراقبة.',
    hint: 'تحقق من إمكان الكتابة في المجلد {folder} ومن وجود مساحة على قرصه، ثم أعد تشغيل وحدة المراقبة.',
  },
  database_too_new: {
    message:
      'مخطط قاعدة البيانات المحلية {file} هو {found}، وكتبته Watchfloor {writer}؛ وهذه Watchfloor {console}، وهي تعرف المخططات حتى {known}.',
    hint: 'شغّل Watchfloor {writer} أو أحدث، أو استعمل مجلد بيانات آخر مع ‎--data. لم تتغير قاعدة البيانات.',
  },
  data_folder_in_use: {
    message: 'تستعمل وحدة مراقبة أخرى مجلد البيانات {folder}.',
    hint: 'استعمل تلك الوحدة، أو اختر مجلدًا آخر بالخيار ‎--data.',
  },
  data_folder_in_use_by: {
    message: 'تستعمل وحدة مراقبة أخرى (العملية {pid}) مجلد البيانات {folder}.',
    hint: 'استعمل تلك الوحدة، أو اختر مجلدًا آخر بالخيار ‎--data.',
  },
  data_folder_in_use_at: {
    message: 'تستعمل وحدة مراقبة أخرى (العملية {pid}) مجلد البيانات {folder}.',
    hint: 'افتح تلك الوحدة: {link}. أو اختر مجلدًا آخر بالخيار ‎--data.',
  },
  data_folder_full: { message: 'يتعذر استعمال مجلد البيانات {folder}: ⁨{cause}⁩.', hint: 'أفرغ مساحة على القرص.' },
  data_folder_unusable: {
    message: 'يتعذر استعمال مجلد البيانات {folder}: ⁨{cause}⁩.',
    hint: 'امنح هذا الحساب إذن الكتابة هناك، أو اختر مجلدًا آخر بالخيار ‎--data.',
  },
  flag_needs_folder: { message: 'يحتاج الخيار ⁦{flag}⁩ إلى مجلد.' },
  flag_needs_address: { message: 'يحتاج الخيار ⁦{flag}⁩ إلى عنوان يبدأ بـ http://‎ أو https://‎.' },
  part_not_run: { message: 'تعذر تشغيل العملية: ⁨{cause}⁩.' },
  part_killed: { message: 'أُنهيت العملية بالإشارة {signal}.' },
  part_exited: { message: 'انتهت العملية بالحالة {status}.' },
  part_failed: { message: 'انتهت العملية: ⁨{cause}⁩' },
  part_unreadable: {
    message: 'بدأت العملية، لكن وحدة المراقبة هذه لا تستطيع قراءة ما أبلغت به.',
    hint: 'ربما كانت من إصدار آخر. ثبّت وحدة المراقبة والخادم من الإصدار نفسه.',
  },
  part_stopped: { message: 'أُوقفت العملية أثناء بدء تشغيلها.' },
  rule_file: { message: '{mistakes}' },
  input_missing: { message: 'تنقص قيمة.' },
  input_too_long: { message: 'النص أطول من اللازم: الحد الأقصى لعدد الأحرف {limit}.' },
  input_too_short: { message: 'النص أقصر من اللازم: الحد الأدنى لعدد الأحرف {limit}.' },
  input_too_many: { message: 'القائمة أطول من اللازم: الحد الأقصى لعدد العناصر في المرة الواحدة {limit}.' },
  input_too_few: { message: 'القائمة أقصر من اللازم: الحد الأدنى لعدد العناصر {limit}.' },
  input_too_high: { message: 'العدد أكبر من اللازم: الحد الأقصى {limit}.' },
  input_too_low: { message: 'العدد أصغر من اللازم: الحد الأدنى {limit}.' },
  reading_cancelled: { message: 'أُلغي التحميل.', hint: 'أعد المحاولة، أو اختر مدى أقصر أو فترات تجميع أطول.' },
  chart_hidden: { message: 'الرسم غير معروض على الشاشة.', hint: 'اعرض الرسم ثم صدّره.' },
  image_too_large: { message: 'سيتجاوز أحد ضلعي الصورة {limit} بكسل.', hint: 'اختر مقياسًا أصغر.' },
  image_unwritten: { message: 'لم يستطع المتصفح إنشاء الصورة.', hint: 'جرّب مقياسًا أصغر.' },
};
