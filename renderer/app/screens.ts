import { Activity, Bell, ChartSpline, Cog, Gauge, LayoutDashboard, ListChecks, type LucideIcon, Package, Table2 } from 'lucide-react';
import type { ScreenPath } from '#renderer/domain/places.ts';
import type { messages } from './messages.ts';

type Key = keyof (typeof messages)['en'];
export interface Screen {
  path: ScreenPath;
  /** The second key after `g`. */
  letter: string;
  name: Key;
  icon: LucideIcon;
}

/** The screens, in the order of the rail. */
export const screens: readonly Screen[] = [
  { path: '/now', letter: 'n', name: 'now', icon: Gauge },
  { path: '/explore', letter: 'e', name: 'explore', icon: Activity },
  { path: '/dashboards', letter: 'd', name: 'dashboards', icon: LayoutDashboard },
  { path: '/charts', letter: 'h', name: 'charts', icon: ChartSpline },
  { path: '/alerts', letter: 'a', name: 'alerts', icon: Bell },
  { path: '/rules', letter: 'r', name: 'rules', icon: ListChecks },
  { path: '/conveyor', letter: 'c', name: 'conveyor', icon: Package },
  { path: '/loaders', letter: 'l', name: 'loaders', icon: Table2 },
  { path: '/settings', letter: 's', name: 'settings', icon: Cog },
];
