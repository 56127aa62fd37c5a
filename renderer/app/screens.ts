import { Activity, Bell, ChartSpline, Cog, Gauge, LayoutDashboard, type LucideIcon, Package, Table2 } from 'lucide-react';
import type { messages } from './messages.ts';

type Key = keyof (typeof messages)['en'];
export interface Screen {
  path: '/now' | '/explore' | '/dashboards' | '/charts' | '/alerts' | '/conveyor' | '/loaders' | '/settings';
  /** The second key after `g`. */
  letter: string;
  name: Key;
  icon: LucideIcon;
}

/** The screens in the order of the rail. */
export const screens: readonly Screen[] = [
  { path: '/now', letter: 'n', name: 'now', icon: Gauge },
  { path: '/explore', letter: 'e', name: 'explore', icon: Activity },
  { path: '/dashboards', letter: 'd', name: 'dashboards', icon: LayoutDashboard },
  { path: '/charts', letter: 'h', name: 'charts', icon: ChartSpline },
  { path: '/alerts', letter: 'a', name: 'alerts', icon: Bell },
  { path: '/conveyor', letter: 'c', name: 'conveyor', icon: Package },
  { path: '/loaders', letter: 'l', name: 'loaders', icon: Table2 },
  { path: '/settings', letter: 's', name: 'settings', icon: Cog },
];

/** From screen to screen the connection and the range go along; what one screen alone understands stays behind. */
export function keepShared(search: Record<string, unknown>): Record<string, unknown> {
  const { connection, range } = search;
  return { ...(connection === undefined ? {} : { connection }), ...(range === undefined ? {} : { range }) };
}
