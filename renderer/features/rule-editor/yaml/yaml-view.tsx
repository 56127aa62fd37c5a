import { Copy } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useId, useRef } from 'react';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import type { DraftText } from '../use-rule-draft.ts';
import { words } from '../words.ts';
import type { TextProblem } from './rule-text.ts';

interface YamlViewProps {
  yaml: DraftText;
  /** What is doubtful about a condition, by its index. */
  warnings: Readonly<Record<number, string>>;
}

/** The rule as YAML, with its mistakes at their lines. */
export function YamlView({ yaml, warnings }: YamlViewProps) {
  const t = useText(words);
  const { text, problems, isRefused } = yaml;
  const field = useRef<HTMLTextAreaElement>(null);
  const problemsId = useId();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast({ message: t('yamlCopied'), lastsMs: 2_000 });
  };
  return (
    <div className="flex flex-col gap-2">
      <p className="flex items-center gap-2">
        <span className="text-muted text-sm">{t('yamlHint')}</span>
        <Button
          size="sm"
          className="ms-auto shrink-0"
          onClick={() => void copy().catch((error: unknown) => toastError(t('notCopied'), error))}
        >
          <Copy className="size-3.5" />
          {t('copyYaml')}
        </Button>
      </p>
      <TextLines yaml={yaml} field={field} describedBy={problems.length > 0 ? problemsId : undefined} />
      <div id={problemsId} role="alert" className="flex flex-col gap-1 text-sm">
        {isRefused && (
          <p className="flex items-baseline gap-2 text-danger">
            <span>{t('mendText')}</span>
            <Button size="sm" className="shrink-0" onClick={yaml.discard}>
              {t('discardText')}
            </Button>
          </p>
        )}
        {problems.map((problem) => (
          <Mistake
            key={`${problem.line} ${problem.field} ${problem.message}`}
            problem={problem}
            onOpen={() => selectLine(field.current, problem.line)}
          />
        ))}
      </div>
      {problems.length === 0 &&
        Object.entries(warnings).map(([index, warning]) => (
          <p key={index} role="status" className="text-pretty text-sm text-warning">
            {t('condition', { number: Number(index) + 1 })}: {warning}
          </p>
        ))}
    </div>
  );
}

interface TextLinesProps {
  yaml: DraftText;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Id of the list of mistakes, if there are some. */
  describedBy: string | undefined;
}

/** The text, with the number of each line. Those with mistakes are marked. */
function TextLines({ yaml, field, describedBy }: TextLinesProps) {
  const t = useText(words);
  const { text, problems } = yaml;
  return (
    <div dir="ltr" className="grid grid-cols-[auto_1fr] overflow-x-auto rounded-md border border-border-strong bg-background font-mono">
      <LineNumbers count={text.split('\n').length} problems={problems} />
      <div className="relative grid text-sm leading-5">
        {problems.map(({ line, field: name }) => (
          <span
            key={`${line} ${name}`}
            aria-hidden="true"
            className="absolute inset-x-0 h-[1lh] bg-danger opacity-15"
            style={{ top: `calc(0.5rem + ${line - 1}lh)` }}
          />
        ))}
        <textarea
          ref={field}
          aria-label={t('yamlText')}
          aria-invalid={problems.length > 0 || undefined}
          aria-describedby={describedBy}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => yaml.type(event.target.value)}
          onBlur={() => yaml.settle()}
          onKeyDown={indent}
          className="field-sizing-content relative min-h-40 resize-none overflow-hidden whitespace-pre bg-transparent px-2 py-2 text-foreground [font-variant-ligatures:none]"
        />
      </div>
    </div>
  );
}

function LineNumbers({ count, problems }: { count: number; problems: readonly TextProblem[] }) {
  const wrong = new Map(problems.map(({ line, message }) => [line, message]));
  return (
    <div aria-hidden="true" className="select-none border-e bg-hover px-2 py-2 text-end text-faint text-sm leading-5">
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
        <div key={i} title={wrong.get(i + 1)} className={wrong.has(i + 1) ? 'font-semibold text-danger' : undefined}>
          {wrong.has(i + 1) ? `● ${i + 1}` : i + 1}
        </div>
      ))}
    </div>
  );
}

function Mistake({ problem: { line, field, message }, onOpen }: { problem: TextProblem; onOpen: () => void }) {
  const t = useText(words);
  return (
    <p className="text-danger">
      <button type="button" className="font-semibold underline" onClick={onOpen}>
        {t('line', { line })}
      </button>{' '}
      {field !== '' && (
        <bdi dir="ltr" className="font-mono">
          {field}
        </bdi>
      )}{' '}
      <bdi>{message}</bdi>
    </p>
  );
}

function selectLine(field: HTMLTextAreaElement | null, line: number): void {
  if (field === null) return;
  const lines = field.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}

/** A new line begins where the one before it does. */
function indent(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
  const { value, selectionStart } = event.currentTarget;
  const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart);
  const [space = ''] = /^ *(?:- )?/.exec(line) ?? [];
  event.preventDefault();
  // The only way to insert text that the browser’s undo knows.
  document.execCommand('insertText', false, `\n${space.replace('-', ' ')}`);
}
