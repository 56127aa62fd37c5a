import { z } from 'zod';
import {
  type Dashboard,
  type DashboardBody,
  type DashboardSummary,
  dashboardBody,
  type NotCarried,
  type Thumbnail,
  thumbnail,
} from '../dashboards.ts';
import { code, epochMs } from '../primitives.ts';
import type { VersionEntry } from '../versions.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';
import type { Seen } from './seen.ts';

/** What became of a save. A conflict changes nothing anywhere: it gives all three sides for a person to choose from. */
export type SaveOutcome =
  | { state: 'saved'; dashboard: Dashboard }
  /** Somebody else changed other parts meanwhile; both changes are in. */
  | { state: 'merged'; dashboard: Dashboard }
  | {
      state: 'conflict';
      /** The dashboard as the backend holds it now. */
      theirs: Dashboard;
      /** The version that the edit started from; null when the backend no longer tells. */
      base: DashboardBody | null;
      /** The parts that both sides changed, in words. */
      message: string;
    };

/** An edit that was not saved yet, kept on this computer through reload, crash and restart. */
export interface DashboardDraft {
  body: DashboardBody;
  /** The version that it started from; null for a dashboard that does not exist yet. */
  version: number | null;
  /** ms */
  changedAt: number;
}

/** What an import would bring, or brought. */
export interface Imported {
  from: 'watchfloor' | 'grafana';
  dashboard: DashboardBody;
  notCarried: NotCarried[];
}

/** Characters of a file to import, at most. */
export const maxImportChars = 10_000_000;

const on = z.strictObject({ connectionId });
const one = on.extend({ code });

/** Dashboards: last copies seen, readable without contact; drafts; and the changes only the backend can make. */
export const dashboards = service({
  methods: {
    list: method<Seen<DashboardSummary[]>>()(on),
    get: method<Seen<Dashboard | null>>()(one),
    /** `version` null creates, else changes that version. A save takes the draft away. */
    save: method<SaveOutcome>()(on.extend({ body: dashboardBody, version: z.number().int().nullable() })),
    remove: method<void>()(one),
    versions: method<Seen<VersionEntry[]>>()(one),
    /** The dashboard as it was in one version; null when that was never read and there is no contact. */
    version: method<Seen<{ entry: VersionEntry; body: DashboardBody } | null>>()(one.extend({ version: z.number().int() })),
    /** Makes `to` the newest again; `version` is the one that was read. */
    rollback: method<Dashboard>()(one.extend({ to: z.number().int(), version: z.number().int() })),
    star: method<void>()(one.extend({ starred: z.boolean() })),
    /** The last small picture; null when none was made. */
    thumbnail: method<Thumbnail | null>()(one),
    setThumbnail: method<void>()(one.extend({ thumbnail })),
    /** Reads a file's text. With `keep: false` nothing is stored. */
    import: method<Imported>()(
      on.extend({
        text: z.string().max(maxImportChars),
        keep: z.boolean(),
        code: code.optional(),
        folder: z.string().max(200).default(''),
      }),
    ),
    /** A dashboard as a file: what `import` here and on any other backend reads. */
    export: method<{ name: string; text: string }>()(one),
    draft: method<DashboardDraft | null>()(one),
    /** Codes of all dashboards with unsaved edits, and when each was last changed. */
    drafts: method<{ code: string; title: string; changedAt: number }[]>()(on),
    keepDraft: method<void>()(on.extend({ body: dashboardBody, version: z.number().int().nullable() })),
    dropDraft: method<void>()(one),
  },
  events: {
    /** Was made, changed or, with `version: null`, deleted; `code: null` when any may have. */
    changed: event<{ connectionId: string; code: string | null; version: number | null; by: string }>(),
    draftsChanged: event<{ connectionId: string }>(),
  },
});

/** A panel of a document: a picture that is handed over afterwards, or text. */
const documentPanel = z.strictObject({
  id: z.string().min(1).max(64),
  title: z.string().max(200),
  /** Place on the grid, in cells. */
  place: z.strictObject({ x: z.number().min(0), y: z.number().min(0), w: z.number().positive(), h: z.number().positive() }),
  content: z.discriminatedUnion('kind', [
    /** Comes by `picture`, as PNG. */
    z.strictObject({ kind: z.literal('picture') }),
    z.strictObject({ kind: z.literal('markdown'), text: z.string().max(20_000) }),
    /** A short sentence in place of a picture, such as why there is none. */
    z.strictObject({ kind: z.literal('note'), text: z.string().max(500) }),
  ]),
});
export type DocumentPanel = z.infer<typeof documentPanel>;

const documentInput = z.strictObject({
  title: z.string().min(1).max(200),
  description: z.string().max(2_000),
  /** Which way pages are read and in which words the frame is written. */
  language: z.enum(['en', 'ar']),
  /** The stretch all panels show, ms. */
  from: epochMs,
  to: epochMs,
  /** IANA name of the zone that local times are in. */
  timeZone: z.string().max(64),
  /** What the reader chose, by label. */
  variables: z.array(z.strictObject({ label: z.string().max(120), value: z.string().max(300) })).max(24),
  /** Where the numbers come from, and how old the oldest of them is: shown when it is more than a minute, ms. */
  source: z.string().max(200),
  asOf: epochMs.nullable(),
  panels: z.array(documentPanel).max(100),
});
export type DocumentInput = z.infer<typeof documentInput>;

/** Largest piece of a picture in one call, characters of base64. */
export const maxPicturePiece = 700_000;

/** Paper: a document is begun, gets its pictures piece by piece, and is finished or given up. */
export const documents = service({
  methods: {
    begin: method<{ documentId: string }>()(documentInput),
    /** The next piece of a panel's PNG in base64. */
    picture: method<void>()(z.strictObject({ documentId: z.string(), panelId: z.string(), piece: z.base64().max(maxPicturePiece) })),
    /** The PDF in base64. Giving up the call ends the work. */
    finish: method<{ pages: number; base64: string }>()(z.strictObject({ documentId: z.string() })),
    giveUp: method<void>()(z.strictObject({ documentId: z.string() })),
  },
  events: {
    /** How much of a document is set, 0 to 1. */
    progress: event<{ documentId: string; done: number }>(),
  },
});
