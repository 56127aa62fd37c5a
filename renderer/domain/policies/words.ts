import { defineMessages } from '#renderer/ui/i18n.ts';

/** What keeps an alert from notifying. Each reason follows “Not notified:” or stands alone in a tooltip. */
export const words = defineMessages(
  {
    inhibition: 'inhibited by “{name}”',
    silence: 'silenced by {by} until {until} ({reason})',
    maintenance: 'maintenance “{name}” until {until}',
    maintenanceForGood: 'maintenance “{name}”',
    acknowledgement: 'acknowledged by {by}',
    acknowledgementUntil: 'acknowledged by {by} until {until}',
    snooze: 'snoozed by {by} until {until} ({reason})',
    suppression: 'the rule notified recently',
  },
  {
    inhibition: 'مثبَّط بسبب «{name}»',
    silence: 'كتمه {by} حتى {until} ({reason})',
    maintenance: 'صيانة «{name}» حتى {until}',
    maintenanceForGood: 'صيانة «{name}»',
    acknowledgement: 'أقرّ به {by}',
    acknowledgementUntil: 'أقرّ به {by} حتى {until}',
    snooze: 'أجّله {by} حتى {until} ({reason})',
    suppression: 'أبلغت القاعدة به حديثًا',
  },
);
