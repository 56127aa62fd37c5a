import { AppError } from '#common/contract/errors.ts';
import type { Answers } from './core.ts';

/** A screen, its texts, and what it needs. */
export interface ScreenCase {
  address: string;
  /** Something that only data brings to the screen. */
  shown: string | RegExp;
  /** Its text when there is nothing to show. */
  empty: RegExp;
  /** Its text when its first data can't be loaded. */
  failed: string;
  needs: Answers;
}

const down = (): never => {
  throw new AppError('unavailable', 'It is down.', { reason: 'core_unreachable' });
};
/** Every screen of the console but Settings, which has data in every state. */
export const cases: Record<string, ScreenCase> = {
  Now: {
    address: '/now',
    shown: '1 alert without an owner',
    empty: /^No alert rules yet/,
    failed: 'Couldn’t load the alerts',
    needs: { alerts: { list: down } },
  },
  Explore: {
    address: '/explore',
    shown: 'Create alert rule',
    empty: /^No charts, loaders or metrics yet/,
    failed: 'Couldn’t load the series',
    needs: { charts: { list: down }, loaders: { list: down }, series: { metrics: down } },
  },
  Charts: {
    address: '/charts',
    shown: '1 chart',
    empty: /^No charts yet/,
    failed: 'Couldn’t load the charts',
    needs: { charts: { list: down } },
  },
  Alerts: {
    address: '/alerts',
    shown: 'Belt speed low',
    empty: /^No alerts are firing/,
    failed: 'Couldn’t load the alerts',
    needs: { alerts: { list: down } },
  },
  'a rule’s editor': {
    address: '/rules/edit?rule=belt-speed',
    shown: /^Would (not )?have fired/,
    empty: /isn’t available/,
    failed: 'Couldn’t load the rule and its chart',
    needs: { alerts: { rules: down }, charts: { list: down } },
  },
  Rules: {
    address: '/rules',
    shown: /^Average over 1 min below/,
    empty: /^No rules yet/,
    failed: 'Couldn’t load the rules',
    needs: { alerts: { rules: down } },
  },
  'one rule': {
    address: '/rules?rule=belt-speed',
    shown: 'Why is it OK?',
    empty: /^No rules yet/,
    failed: 'Couldn’t load the rules',
    needs: { alerts: { rules: down } },
  },
  Dashboards: {
    address: '/dashboards',
    shown: '2 panels',
    empty: /^No dashboards yet/,
    failed: 'Couldn’t load the dashboards',
    needs: { dashboards: { list: down } },
  },
  'one dashboard': {
    address: '/dashboards/belts',
    shown: 'Shift notes',
    empty: /^Dashboard “belts” isn’t/,
    failed: 'Couldn’t load the dashboard',
    needs: { dashboards: { get: down } },
  },
  Conveyor: {
    address: '/conveyor',
    shown: 'Stop the producer',
    empty: /^This backend runs without the conveyor/,
    failed: 'Couldn’t load the conveyor',
    needs: { conveyor: { status: down } },
  },
  Loaders: {
    address: '/loaders',
    shown: 'plant',
    empty: /^No loaders yet/,
    failed: 'Couldn’t load the loaders',
    needs: { loaders: { list: down } },
  },
};

/** The addresses of all screens, with those of Settings. */
export const addresses = [
  ...Object.values(cases).map(({ address }) => address),
  '/settings',
  '/settings?section=notifications',
  '/settings?section=connections',
];
