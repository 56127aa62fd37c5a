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
import type { Cached } from './cached.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';

/** The outcome of a save. A conflict changes nothing: it contains all three versions for a person to choose from. */
export type SaveOutcome =
  | { state: 'saved'; dashboard: Dashboard }
  /** Someone else changed other parts in the meantime; both changes were saved. */
  | { state: 'merged'; dashboard: Dashboard }
  | {
      state: 'conflict';
      /** The current dashboard in the backend. */
      theirs: Dashboard;
      /** The version that the edit started from; null when the backend no longer has it. */
      base: DashboardBody | null;
      /** The parts that both sides changed, as text. */
      message: string;
    };

/** An unsaved edit, stored on this computer so that it survives reload, crash and restart. */
export interface DashboardDraft {
  body: DashboardBody;
  /** The version that it started from; null for a dashboard that does not exist yet. */
  version: number | null;
  /** ms */
  changedAt: number;
}

/** The result of an import or of its preview. */
export interface Imported {
  from: 'watchfloor' | 'grafana';
  dashboard: DashboardBody;
  notCarried: NotCarried[];
}

/** Maximum length of a file to import, characters. */
export const maxImportChars = 10_000_000;

const on = z.strictObject({ connectionId });
const one = on.extend({ code });

/** Dashboards: cached copies, which are readable offline; drafts; and changes, which need the backend. */
export const dashboards = service({
  methods: {
    list: method<Cached<DashboardSummary[]>>()(on),
    get: method<Cached<Dashboard | null>>()(one),
    /** Creates a dashboard if `version` is null, otherwise changes that version. A save deletes the draft. */
    save: method<SaveOutcome>()(on.extend({ body: dashboardBody, version: z.number().int().nullable() })),
    remove: method<void>()(one),
    versions: method<Cached<VersionEntry[]>>()(one),
    /** Returns one version of a dashboard; null when it was never read and the backend can't be reached. */
    version: method<Cached<{ entry: VersionEntry; body: DashboardBody } | null>>()(one.extend({ version: z.number().int() })),
    /** Restores version `to`; `version` is the one that was read. */
    rollback: method<Dashboard>()(one.extend({ to: z.number().int(), version: z.number().int() })),
    star: method<void>()(one.extend({ starred: z.boolean() })),
    /** Returns the last thumbnail; null when there is none. */
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
    /** Returns a dashboard as a file that `import` of any backend reads. */
    export: method<{ name: string; text: string }>()(one),
    draft: method<DashboardDraft | null>()(one),
    /** Returns the codes of all dashboards with unsaved edits, and when each was last changed. */
    drafts: method<{ code: string; title: string; changedAt: number }[]>()(on),
    keepDraft: method<void>()(on.extend({ body: dashboardBody, version: z.number().int().nullable() })),
    dropDraft: method<void>()(one),
  },
  events: {
    /** A dashboard was created, changed or, with `version: null`, deleted; `code: null` if any may have been. */
    changed: event<{ connectionId: string; code: string | null; version: number | null; by: string }>(),
    draftsChanged: event<{ connectionId: string }>(),
  },
});

/** A panel of a document: an image that is sent afterwards, or text. */
const documentPanel = z.strictObject({
  id: z.string().min(1).max(64),
  title: z.string().max(200),
  /** Place on the grid, in cells. */
  place: z.strictObject({ x: z.number().min(0), y: z.number().min(0), w: z.number().positive(), h: z.number().positive() }),
  content: z.discriminatedUnion('kind', [
    /** An image that is sent with `picture`, as PNG. */
    z.strictObject({ kind: z.literal('picture') }),
    z.strictObject({ kind: z.literal('markdown'), text: z.string().max(20_000) }),
    /** A short sentence in place of an image, such as why there is none. */
    z.strictObject({ kind: z.literal('note'), text: z.string().max(500) }),
  ]),
});
export type DocumentPanel = z.infer<typeof documentPanel>;

const documentInput = z.strictObject({
  title: z.string().min(1).max(200),
  description: z.string().max(2_000),
  /** Reading direction of the pages, and language of the heading and footer. */
  language: z.enum(['en', 'ar']),
  /** The interval that all panels show, ms. */
  from: epochMs,
  to: epochMs,
  /** IANA name of the zone that local times are in. */
  timeZone: z.string().max(64),
  /** Values of variables chosen by the reader, by label. */
  variables: z.array(z.strictObject({ label: z.string().max(120), value: z.string().max(300) })).max(24),
  /** The source of the data, and the age of the oldest of it, ms, which is shown when it is more than a minute. */
  source: z.string().max(200),
  asOf: epochMs.nullable(),
  panels: z.array(documentPanel).max(100),
});
export type DocumentInput = z.infer<typeof documentInput>;

/** Maximum length of a piece of an image in one call, characters of base64. */
export const maxPicturePiece = 700_000;

/** Exports documents: a document is started, receives its images piece by piece, and is finished or cancelled. */
export const documents = service({
  methods: {
    begin: method<{ documentId: string }>()(documentInput),
    /** The next piece of a panel's PNG in base64. */
    picture: method<void>()(z.strictObject({ documentId: z.string(), panelId: z.string(), piece: z.base64().max(maxPicturePiece) })),
    /** Returns the PDF in base64. Cancelling the call stops the work. */
    finish: method<{ pages: number; base64: string }>()(z.strictObject({ documentId: z.string() })),
    giveUp: method<void>()(z.strictObject({ documentId: z.string() })),
  },
  events: {
    /** Progress of a document, 0 to 1. */
    progress: event<{ documentId: string; done: number }>(),
  },
});
