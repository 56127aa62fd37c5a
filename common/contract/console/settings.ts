import { z } from 'zod';
import type { Params } from '../errors.ts';
import type { PathStep } from '../policies.ts';
import type { Severity } from '../primitives.ts';
import { epochMs, severities } from '../primitives.ts';
import type { Reason } from '../rules.ts';
import type { ChangeKind } from './alerts.ts';
import type { Problem } from './connections.ts';
import { event, method, nothing, service } from './rpc.ts';

const minuteOfDay = z.number().int().min(0).max(1_439);
const sound = z.strictObject({ enabled: z.boolean(), repeat: z.boolean() });

/** The user's settings, stored on this computer. */
export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'dark', 'light', 'contrast']).default('system'),
  /** Severity colours: the standard set, or a colour-blind friendly one. */
  palette: z.enum(['standard', 'colour-blind']).default('standard'),
  density: z.enum(['comfortable', 'compact']).default('comfortable'),
  /** The clock that absolute times use. */
  clock: z.enum(['local', 'utc']).default('local'),
  language: z.enum(['en', 'ar']).default('en'),
  volume: z.number().min(0).max(1).default(0.6),
  sounds: z.record(z.enum(severities), sound).default({
    INFO: { enabled: false, repeat: false },
    WARNING: { enabled: true, repeat: false },
    HIGH: { enabled: true, repeat: true },
    CRITICAL: { enabled: true, repeat: true },
  }),
  /** Local time of day in minutes; notifications are listed but neither pop up nor sound. CRITICAL always does. */
  quietHours: z
    .strictObject({ enabled: z.boolean(), from: minuteOfDay, to: minuteOfDay })
    .default({ enabled: false, from: 1_320, to: 420 }),
  /** When incidents were, as marked in the rule editor: for each chart by `CONNECTION CODE`, ascending. */
  incidents: z.record(z.string(), z.array(z.strictObject({ from: epochMs, to: epochMs })).max(100)).default({}),
});
export type Settings = z.infer<typeof settingsSchema>;

const fields = settingsSchema.shape;
/**
 * A change to some settings. Not `settingsSchema.partial()`, which fills in the default of every missing setting and so would reset all
 * others.
 */
export const settingsChange = z
  .strictObject({
    theme: fields.theme.unwrap(),
    palette: fields.palette.unwrap(),
    density: fields.density.unwrap(),
    clock: fields.clock.unwrap(),
    language: fields.language.unwrap(),
    volume: fields.volume.unwrap(),
    sounds: fields.sounds.unwrap(),
    quietHours: fields.quietHours.unwrap(),
    incidents: fields.incidents.unwrap(),
  })
  .partial();

export const settings = service({
  methods: {
    get: method<Settings>()(nothing),
    set: method<Settings>()(settingsChange),
  },
  events: { changed: event<Settings>() },
});

/** The content of a notice, from which it is written in any language. */
export interface NoticeContent {
  code:
    | 'fired'
    | 'fired_no_data'
    | 'fired_error'
    | 'resolved'
    | 'storm'
    | 'not_needed'
    | 'not_needed_resolved'
    | 'not_needed_over'
    | 'refused';
  params: Params;
  /** The pending change that it is about, and its note. */
  change?: { kind: ChangeKind; alert: string; note?: string };
  problem?: Problem;
  /** The step that kept the alert from popping up. */
  stop?: PathStep;
  /** Why an alert fired, if known; fills `{reason}`. Older consoles stored an English `reason` in the params. */
  reasons?: Pick<Reason, 'text' | 'details'>[];
}

/** A notice for the user. */
export interface Notice {
  id: string;
  kind: 'fired' | 'resolved' | 'storm' | 'conflict';
  connectionId: string;
  /** The alerts that it is about: one, or all alerts of a storm. */
  alertIds: string[];
  severity: Severity;
  /** In English, for logs. Screens write it from `content`. */
  title: string;
  body: string;
  /** Its content, as a code and parameters; null for a notice that an older console stored. */
  content: NoticeContent | null;
  at: number;
  /** Why it neither pops up nor makes a sound; null when it does. It is in the inbox either way. */
  suppressed: 'inhibited' | 'silenced' | 'maintenance' | 'acknowledged' | 'snoozed' | 'suppression-window' | 'quiet-hours' | 'storm' | null;
  read: boolean;
}

/** Maximum number of notices that the inbox lists. */
export const maxInbox = 200;

/** Popups and the inbox. */
export const notices = service({
  methods: {
    /** The last `maxInbox`, newest first. */
    inbox: method<Notice[]>()(nothing),
    markRead: method<void>()(z.strictObject({ ids: z.array(z.string()).max(maxInbox) })),
  },
  events: {
    shown: event<Notice>(),
    /** A storm that was shown and has grown: its popup is updated without a new sound. */
    counted: event<Notice>(),
    changed: event<Notice[]>(),
  },
});

export interface SystemInfo {
  version: string;
  host: 'electron' | 'browser';
  platform: string;
  dataDir: string;
  secretStore: { kind: 'keychain' | 'file'; path: string | null };
  /** The console's database and how it was opened. */
  cache: { state: 'ok' | 'restored' | 'memory'; bytes: number };
  /** Warnings about problems that the user can fix. */
  warnings: ({ id: string } & Problem)[];
}

export const system = service({
  methods: {
    info: method<SystemInfo>()(nothing),
    /** Opens an http, https or mailto address outside the console. */
    openExternal: method<void>()(z.strictObject({ url: z.url({ protocol: /^(https?|mailto)$/ }) })),
  },
  /** A path of the console to open, from a deep link or a notification: `/alerts/…`. */
  events: { navigate: event<{ path: string }>() },
});
