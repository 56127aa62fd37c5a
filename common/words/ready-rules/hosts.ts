import type { ReadyRuleTexts } from './texts.ts';

export const hostRuleTexts = {
  'host-cpu-high': {
    name: { en: 'Host CPU high', ar: 'معالج المضيف مرتفع' },
    about: {
      en: 'Finds hosts whose processor is busy for longer than a burst.',
      ar: 'يكشف المضيفات التي ينشغل معالجها أطول من دفعة عابرة.',
    },
    why: {
      en: 'When the processor is this busy for more than a minute, work begins to queue. Shorter bursts are normal.',
      ar: 'حين ينشغل المعالج بهذا القدر أكثر من دقيقة يبدأ العمل بالتراكم. والدفعات الأقصر طبيعية.',
    },
    runbook: {
      en: 'Find what uses the processor (top, Task Manager) and whether it is expected.',
      ar: 'ابحث عما يستهلك المعالج (top أو مدير المهام) وهل هو متوقع.',
    },
  },
  'host-silent': {
    name: { en: 'Host stopped reporting', ar: 'المضيف توقف عن الإرسال' },
    about: { en: 'Finds hosts from which no metrics arrive.', ar: 'يكشف المضيفات التي لا تصل منها مقاييس.' },
    why: {
      en: 'Agents report every few seconds, so two minutes without a point are more than a restart.',
      ar: 'ترسل الوكلاء كل بضع ثوانٍ، فدقيقتان بلا نقطة أكثر من إعادة تشغيل.',
    },
    runbook: {
      en: 'Check whether the host answers, then whether its agent runs. The agent keeps what it couldn’t send.',
      ar: 'تحقق من استجابة المضيف ثم من عمل الوكيل فيه. يحتفظ الوكيل بما تعذر إرساله.',
    },
  },
  'host-memory-high': {
    name: { en: 'Host memory high', ar: 'ذاكرة المضيف مرتفعة' },
    about: { en: 'Finds hosts that are running out of memory.', ar: 'يكشف المضيفات التي توشك ذاكرتها على النفاد.' },
    why: {
      en: 'Caches aren’t counted as used, so little is left; at the second threshold the system starts to end processes. It resolves a little lower, so that it doesn’t flap.',
      ar: 'لا يُعد المخبأ مستعملًا، فلم يبقَ إلا القليل؛ وعند العتبة الثانية يبدأ النظام بإنهاء العمليات. ينتهي دونها بقليل كي لا يتذبذب.',
    },
    runbook: {
      en: 'Find the process that grew (top, Task Manager). Restart it if it leaks; otherwise move work away.',
      ar: 'ابحث عن العملية التي كبرت (top أو مدير المهام). أعد تشغيلها إن كان فيها تسريب، وإلا فانقل بعض العمل.',
    },
  },
  'host-disk-full': {
    name: { en: 'Disk almost full', ar: 'القرص شبه ممتلئ' },
    about: {
      en: 'Finds disks with little space left; each mount point is evaluated on its own.',
      ar: 'يكشف الأقراص التي قلّت مساحتها؛ ويُقيَّم كل منها على حدة.',
    },
    why: {
      en: 'The first threshold leaves days to act, the second hours; at the third, programs fail. It resolves a little lower, so that it doesn’t flap.',
      ar: 'العتبة الأولى تترك أيامًا للتصرف، والثانية ساعات؛ وعند الثالثة تفشل البرامج. ينتهي دونها بقليل كي لا يتذبذب.',
    },
    runbook: {
      en: 'Find what grew: logs, dumps and old backups first. Enlarge the volume if everything on it is needed.',
      ar: 'ابحث عما كبر: السجلات والنسخ الاحتياطية القديمة أولًا. وسّع القرص إن كان كل ما فيه لازمًا.',
    },
  },
  'host-disk-filling': {
    name: { en: 'Disk filling fast', ar: 'القرص يمتلئ سريعًا' },
    about: {
      en: 'Finds disks that will be full in less than a day if they go on filling as they do.',
      ar: 'يكشف الأقراص التي ستمتلئ في أقل من يوم إن استمر امتلاؤها بهذه السرعة.',
    },
    why: {
      en: 'A tenth of the disk in six hours, with less than three tenths left: full in eighteen hours at most. With more space, there is time until the next working day.',
      ar: 'عُشر القرص في ست ساعات ولم يبقَ إلا أقل من ثلاثة أعشار: يمتلئ خلال ثماني عشرة ساعة على الأكثر. ومع مساحة أكبر يبقى وقت حتى يوم العمل التالي.',
    },
    runbook: {
      en: 'Find what writes: a log that repeats an error, an export, a backup. Stop it before the disk is full.',
      ar: 'ابحث عما يكتب: سجل يكرر خطأ أو تصدير أو نسخ احتياطي. أوقفه قبل امتلاء القرص.',
    },
  },
  'host-load-high': {
    name: { en: 'Host load far above usual', ar: 'حمل المضيف أعلى بكثير من المعتاد' },
    about: {
      en: 'Finds hosts with much more waiting work than usual at this hour.',
      ar: 'يكشف المضيفات التي ينتظر فيها عمل أكثر بكثير من المعتاد في هذه الساعة.',
    },
    why: {
      en: 'What load is high depends on the number of cores, so it is compared with the last week. A usual load under one counts as one.',
      ar: 'ارتفاع الحمل يتوقف على عدد الأنوية، لذلك يُقارن بالأسبوع الأخير. والحمل المعتاد دون الواحد يُعد واحدًا.',
    },
    runbook: {
      en: 'Check whether processes wait for the processor or for a disk (top, iostat), and what was started.',
      ar: 'تحقق هل تنتظر العمليات المعالج أم القرص (top وiostat)، وما الذي بدأ تشغيله.',
    },
  },
  'host-network-silent': {
    name: { en: 'Network interface silent', ar: 'واجهة الشبكة صامتة' },
    about: { en: 'Finds interfaces that receive nothing any more.', ar: 'يكشف الواجهات التي لم تعد تستقبل شيئًا.' },
    why: {
      en: 'A connected interface receives something every few seconds. Only interfaces that received something in the last day count.',
      ar: 'الواجهة الموصولة تستقبل شيئًا كل بضع ثوانٍ. ولا تُحسب إلا الواجهات التي استقبلت شيئًا خلال اليوم الأخير.',
    },
    runbook: {
      en: 'Check the cable and the switch port, then the interface on the host.',
      ar: 'تحقق من السلك ومنفذ المبدّل، ثم من الواجهة على المضيف.',
    },
  },
} as const satisfies Record<string, ReadyRuleTexts>;
