import { defineMessages } from '#renderer/ui/i18n.ts';

export const words = defineMessages(
  {
    threshold: 'Threshold',
    drag: 'Drag the threshold, or move it with the arrow keys',
    chartLabel: '{title} with the threshold; shaded where the rule would have fired, with a bar above each incident',
  },
  {
    threshold: 'العتبة',
    drag: 'اسحب العتبة، أو حركها بمفاتيح الأسهم',
    chartLabel: '{title} مع العتبة؛ مظلل حيث كانت القاعدة ستنشط، وفوق كل حادث شريط',
  },
);
