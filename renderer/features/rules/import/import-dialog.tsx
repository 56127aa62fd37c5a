import { type ChangeEvent, useRef } from 'react';
import type { Rule } from '#common/contract/rules.ts';
import type { Language } from '#common/format.ts';
import { listFileProblems, RuleFileError } from '#common/rules/yaml/problems.ts';
import { problem } from '#common/words/problems.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Progress } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { words as kit } from '#renderer/ui/words.ts';
import { Preview } from './import-preview.tsx';
import { type RuleImport, useRuleImport } from './use-import.ts';
import { importWords } from './words.ts';

interface ImportDialogProps {
  connectionId: string;
  /** All rules of the backend. */
  rules: readonly Rule[];
  /** Why rules can't be changed now. */
  denied: string | undefined;
  onClose: () => void;
}

/** Imports rules from a file. First shows what would be created and changed, and what can't be imported. */
export default function ImportDialog({ connectionId, rules, denied, onClose }: ImportDialogProps) {
  const t = useText(importWords);
  const { language } = usePreferences();
  const work = useRuleImport(connectionId, rules, onClose);
  const { preview, progress } = work;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && progress === null && onClose()}
      title={t('title')}
      description={t('about')}
      className="top-[6vh] max-h-[88vh] w-[min(68rem,calc(100vw-2rem))]"
      footer={<Buttons work={work} denied={denied} onClose={onClose} />}
    >
      {preview !== null && 'error' in preview && (
        <ErrorState
          title={t('unreadable', { name: work.fileName ?? '' })}
          error={inLanguage(preview.error, language)}
          className="whitespace-pre-line px-0"
        />
      )}
      {preview !== null && 'found' in preview && <Preview preview={preview} work={work} />}
      {progress && (
        <div role="status" className="sticky bottom-0 flex flex-col gap-1 bg-raised pt-2">
          <span className="text-muted">{t('importing', progress)}</span>
          <Progress value={progress.done / progress.all} label={t('title')} />
        </div>
      )}
    </Dialog>
  );
}

/** Returns an error about a file with its mistakes in the person's language; any other error as it is. */
function inLanguage(error: unknown, language: Language): unknown {
  return error instanceof RuleFileError ? problem('rule_file', { mistakes: listFileProblems(error.problems, language) }) : error;
}

/** Choosing a file, and then importing it. */
function Buttons({ work, denied, onClose }: { work: RuleImport; denied: string | undefined; onClose: () => void }) {
  const t = useText(importWords);
  const k = useText(kit);
  const { preview, progress, apply, stop } = work;
  const plan = preview !== null && 'plan' in preview ? preview.plan : null;
  if (progress !== null) return <Button onClick={stop}>{t('stop')}</Button>;
  return (
    <>
      <ChooseFile work={work} isFirst={preview === null} />
      <span className="flex-1" />
      <Button onClick={onClose}>{k('cancel')}</Button>
      {plan && (
        <Button
          variant="primary"
          onClick={() => void apply(plan)}
          disabledReason={denied ?? (plan.steps.length === 0 ? t('nothing') : undefined)}
        >
          {t('keep', { count: plan.steps.length })}
        </Button>
      )}
    </>
  );
}

function ChooseFile({ work, isFirst }: { work: RuleImport; isFirst: boolean }) {
  const t = useText(importWords);
  const input = useRef<HTMLInputElement>(null);
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    if (!file) return;
    await work.choose(file);
    // Cleared, so that the same file can be chosen again after it was changed.
    event.target.value = '';
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,.json,.rules"
        className="sr-only"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => void choose(event)}
      />
      <Button variant={isFirst ? 'primary' : 'default'} onClick={() => input.current?.click()}>
        {t(isFirst ? 'chooseFile' : 'otherFile')}
      </Button>
    </>
  );
}
