import { useMemo } from 'react';
import type { Chart, ChartDefinition } from '#common/contract/charts.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import { mergeDocuments } from '#common/versions/merge.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { DiffView } from '#renderer/ui/diff-view.tsx';
import { defineMessages, useText } from '#renderer/ui/i18n.ts';
import { Age } from '#renderer/ui/time.tsx';
import { definitionOf } from './values.ts';

const words = defineMessages(
  {
    title: '{by} changed this chart in the meantime',
    about: 'Nothing was saved. The differences are shown below.',
    theirs: 'Version {version} by {by}',
    mine: 'Your unsaved changes',
    clashes: {
      one: 'Both changed {count} place; saving both keeps yours there.',
      other: 'Both changed {count} places; saving both keeps yours there.',
    },
    apart: 'The changes are in different places: both can be kept.',
    back: 'Back to the form',
    drop: 'Discard my changes',
    keepMine: 'Overwrite with mine',
    keepBoth: 'Save both',
    saving: 'Saving…',
  },
  {
    title: 'غيّر {by} هذا الرسم في هذه الأثناء',
    about: 'لم يُحفظ شيء. تظهر الفروق أدناه.',
    theirs: 'الإصدار {version} بواسطة {by}',
    mine: 'تغييراتك غير المحفوظة',
    clashes: {
      one: 'غيّر الطرفان موضعًا واحدًا؛ حفظ الاثنين يُبقي تعديلك فيه.',
      two: 'غيّر الطرفان موضعين؛ حفظ الاثنين يُبقي تعديلك فيهما.',
      few: 'غيّر الطرفان {count} مواضع؛ حفظ الاثنين يُبقي تعديلك فيها.',
      many: 'غيّر الطرفان {count} موضعًا؛ حفظ الاثنين يُبقي تعديلك فيها.',
      other: 'غيّر الطرفان {count} موضع؛ حفظ الاثنين يُبقي تعديلك فيها.',
    },
    apart: 'التعديلات في مواضع مختلفة: يمكن إبقاء الاثنين.',
    back: 'عُد إلى النموذج',
    drop: 'تجاهل تغييراتي',
    keepMine: 'استبدل بنسختي',
    keepBoth: 'احفظ الاثنين',
    saving: 'جارٍ الحفظ…',
  },
);

interface ConflictProps {
  /** The definition that the edit started from. */
  base: ChartDefinition;
  mine: ChartDefinition;
  theirs: Chart;
  saving: boolean;
  onBack: () => void;
  onClose: () => void;
  onSave: (definition: ChartDefinition) => void;
}

/** Shown when two people changed the same chart: lists the differences and lets the person choose. */
export function Conflict({ base, mine, theirs, saving, onBack, onClose, onSave }: ConflictProps) {
  const t = useText(words);
  const other = useMemo(() => definitionOf(theirs), [theirs]);
  const changes = useMemo(() => diffDocuments(other, mine), [other, mine]);
  const merge = useMemo(() => mergeDocuments(base, mine, other, 'mine'), [base, mine, other]);
  const { updatedBy: by, version } = theirs;
  const busy = saving ? t('saving') : undefined;
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { by })}
      description={t('about')}
      className="w-[min(56rem,100vw)]"
      footer={
        <>
          <Button onClick={onBack}>{t('back')}</Button>
          <Button onClick={onClose}>{t('drop')}</Button>
          <Button disabledReason={busy} onClick={() => onSave(mine)}>
            {t('keepMine')}
          </Button>
          <Button variant="primary" disabledReason={busy} onClick={() => onSave(merge.merged)}>
            {t('keepBoth')}
          </Button>
        </>
      }
    >
      <p className="py-2">{merge.clashes.length === 0 ? t('apart') : t('clashes', { count: merge.clashes.length })}</p>
      <DiffView
        changes={changes}
        before={
          <>
            {t('theirs', { version, by })} · <Age at={theirs.updatedAt} />
          </>
        }
        after={t('mine')}
      />
    </Sheet>
  );
}
