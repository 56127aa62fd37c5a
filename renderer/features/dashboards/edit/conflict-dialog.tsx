import { type ReactNode, useMemo, useState } from 'react';
import type { SaveOutcome } from '#common/contract/console/dashboards.ts';
import type { DashboardBody } from '#common/contract/dashboards.ts';
import { mergeDashboards } from '#common/dashboards/merge.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import type { Clash } from '#common/versions/merge.ts';
import { usePlaceName } from '#renderer/domain/versions/places.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { DiffValue, DiffView } from '#renderer/ui/diff-view.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { words as common } from '#renderer/ui/words.ts';
import { bodyOf } from '../use-change.ts';
import { clashKey, resolve, type Side } from './resolve.ts';
import { words } from './words.ts';

interface ConflictProps {
  conflict: Extract<SaveOutcome, { state: 'conflict' }>;
  mine: DashboardBody;
  onResolve: (body: DashboardBody) => void;
  onClose: () => void;
}

/** Resolves a conflict between two people's changes: each part is chosen, and nothing is lost unseen. */
export function ConflictDialog({ conflict, mine, onResolve, onClose }: ConflictProps) {
  const theirs = useMemo(() => bodyOf(conflict.theirs), [conflict.theirs]);
  const { base } = conflict;
  const sides = { mine, theirs, name: conflict.theirs.updatedBy, onResolve, onClose };
  return base ? <ChooseParts base={base} {...sides} /> : <ChooseSide {...sides} />;
}

interface SidesProps extends Omit<ConflictProps, 'conflict'> {
  theirs: DashboardBody;
  /** The person who changed it in the meantime. */
  name: string;
}

/** Chooses a side for each part that both changed. Needs the version both started from. */
function ChooseParts({ base, mine, theirs, name, onResolve, onClose }: SidesProps & { base: DashboardBody }) {
  const t = useText(words);
  const { clashes, others, nameOf } = useClashes(base, mine, theirs);
  const [choices, setChoices] = useState<ReadonlyMap<string, Side>>(new Map());
  const all = (side: Side) => setChoices(new Map(clashes.map((clash) => [clashKey(clash), side])));
  const open = clashes.filter((clash) => !choices.has(clashKey(clash))).length;
  return (
    <ConflictFrame
      name={name}
      about={t('conflictAbout')}
      onClose={onClose}
      before={
        <>
          <Button onClick={() => all('mine')}>{t('allMine')}</Button>
          <Button onClick={() => all('theirs')}>{t('allTheirs', { name })}</Button>
          <span className="flex-1" />
        </>
      }
      after={
        <Button
          variant="primary"
          disabledReason={open > 0 ? t('conflictAbout') : undefined}
          onClick={() => onResolve(resolve(base, mine, theirs, choices))}
        >
          {t('saveChosen')}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <ul className="flex flex-col gap-3">
          {clashes.map((clash) => {
            const key = clashKey(clash);
            const choose = (side: Side) => setChoices((before) => new Map(before).set(key, side));
            return (
              <ClashChoice key={key} clash={clash} place={nameOf(clash.path)} name={name} chosen={choices.get(key)} onChoose={choose} />
            );
          })}
        </ul>
        {others.length > 0 && (
          <section>
            <h3 className="mb-1 text-muted">{t('otherChanges')}</h3>
            <DiffView changes={others} before={t('before')} after={t('theirs', { name })} nameOf={nameOf} className="rounded-md border" />
          </section>
        )}
      </div>
    </ConflictFrame>
  );
}

/** Chooses one side as a whole, where the common version isn't known. */
function ChooseSide({ mine, theirs, name, onResolve, onClose }: SidesProps) {
  const t = useText(words);
  const nameOf = usePlaceName(useMemo(() => [mine, theirs], [mine, theirs]));
  return (
    <ConflictFrame
      name={name}
      about={t('conflictNoBase')}
      onClose={onClose}
      after={
        <>
          <Button onClick={() => onResolve(theirs)}>{t('allTheirs', { name })}</Button>
          <Button variant="danger" onClick={() => onResolve(mine)}>
            {t('allMine')}
          </Button>
        </>
      }
    >
      <DiffView changes={diffDocuments(theirs, mine)} before={t('theirs', { name })} after={t('mine')} nameOf={nameOf} />
    </ConflictFrame>
  );
}

interface FrameProps {
  name: string;
  about: string;
  onClose: () => void;
  /** Buttons before and after the cancel button. */
  before?: ReactNode;
  after: ReactNode;
  children: ReactNode;
}

function ConflictFrame({ name, about, onClose, before, after, children }: FrameProps) {
  const t = useText(words);
  const kit = useText(common);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t('conflictTitle', { name })}
      description={about}
      className="top-[6vh] max-h-[88vh] w-[min(72rem,calc(100vw-2rem))]"
      footer={
        <>
          {before}
          <Button onClick={onClose}>{kit('cancel')}</Button>
          {after}
        </>
      }
    >
      {children}
    </Dialog>
  );
}

/** Returns the parts that both changed, those that only one side changed, and names for both. */
function useClashes(base: DashboardBody, mine: DashboardBody, theirs: DashboardBody) {
  const clashes = useMemo(() => mergeDashboards(base, mine, theirs).clashes, [base, mine, theirs]);
  const others = useMemo(() => {
    const keys = clashes.map(clashKey);
    return diffDocuments(base, theirs).filter(({ path }) => !keys.some((key) => path.join('/').startsWith(key)));
  }, [base, theirs, clashes]);
  const nameOf = usePlaceName(useMemo(() => [mine, theirs, base], [mine, theirs, base]));
  return { clashes, others, nameOf };
}

interface ClashChoiceProps {
  clash: Clash;
  /** The name of the part. */
  place: string;
  name: string;
  chosen: Side | undefined;
  onChoose: (side: Side) => void;
}

function ClashChoice({ clash, place, name, chosen, onChoose }: ClashChoiceProps) {
  const t = useText(words);
  return (
    <li className="rounded-md border">
      <p className="border-b px-3 py-1.5 font-medium">{place}</p>
      <div role="radiogroup" aria-label={place} className="grid grid-cols-2">
        <Choice label={t('mine')} value={clash.mine} chosen={chosen === 'mine'} onChoose={() => onChoose('mine')} />
        <Choice label={t('theirs', { name })} value={clash.theirs} chosen={chosen === 'theirs'} onChoose={() => onChoose('theirs')} />
      </div>
      {clash.base !== undefined && (
        <div className="flex gap-3 border-t px-3 py-1.5 text-faint text-sm">
          <span className="shrink-0">{t('before')}</span>
          <DiffValue value={clash.base} />
        </div>
      )}
    </li>
  );
}

function Choice({ label, value, chosen, onChoose }: { label: string; value: unknown; chosen: boolean; onChoose: () => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the card holds more than a native radio button can
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      onClick={onChoose}
      className={cn(
        'flex flex-col items-stretch gap-1 p-3 text-start hover:bg-hover [&+&]:border-s',
        chosen && 'bg-selected hover:bg-selected',
      )}
    >
      <span className="flex items-center gap-2 text-muted text-sm">
        <span
          aria-hidden="true"
          className={cn('grid size-3.5 shrink-0 place-content-center rounded-full border border-border-strong', chosen && 'border-accent')}
        >
          {chosen && <span className="size-1.5 rounded-full bg-accent" />}
        </span>
        {label}
      </span>
      {value === undefined ? <span className="text-faint">–</span> : <DiffValue value={value} />}
    </button>
  );
}
