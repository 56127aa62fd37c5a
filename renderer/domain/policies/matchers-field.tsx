import { Plus, X } from 'lucide-react';
import { useId, useRef } from 'react';
import type { AlertMatcher } from '#common/contract/policies.ts';
import type { MatchersProblem } from '#common/policies/matchers.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select } from '#renderer/ui/input.tsx';
import { silenceWords } from './silence-words.ts';

const operators = [
  ['=', 'equal'],
  ['!=', 'notEqual'],
  ['=~', 'matchesExpression'],
  ['!~', 'matchesNotExpression'],
] as const;

interface MatchersFieldProps {
  matchers: readonly AlertMatcher[];
  /** Indexes of matchers without a name. */
  nameless: readonly number[];
  problem: MatchersProblem | null;
  onChange: (matchers: AlertMatcher[]) => void;
}

/** The matchers that select alerts, one in each row. */
export function MatchersField({ matchers, nameless, problem, onChange }: MatchersFieldProps) {
  const t = useText(silenceWords);
  const keys = useRowKeys(matchers.length);
  const replace = (index: number, change: Partial<AlertMatcher>) =>
    onChange(matchers.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium text-muted text-sm">{t('matchers')}</legend>
      {matchers.map((matcher, index) => (
        <MatcherRow
          key={keys.at(index)}
          matcher={matcher}
          problem={
            nameless.includes(index)
              ? t('nameMissing')
              : problem?.reason === 'bad_expression' && problem.index === index
                ? t('badExpression', { detail: problem.detail })
                : undefined
          }
          onChange={(change) => replace(index, change)}
          onRemove={() => {
            keys.remove(index);
            onChange(matchers.filter((_, at) => at !== index));
          }}
        />
      ))}
      {problem?.reason === 'matches_everything' && (
        <p role="alert" className="text-danger text-sm">
          {t('matchesEverything')}
        </p>
      )}
      <Button
        size="sm"
        variant="ghost"
        className="self-start"
        onClick={() => onChange([...matchers, { name: '', operator: '=', value: '' }])}
      >
        <Plus size="0.875rem" /> {t('add')}
      </Button>
    </fieldset>
  );
}

/** Keys of rows that can be removed in the middle, so that the focus stays in its row. */
function useRowKeys(count: number) {
  const keys = useRef<number[]>([]);
  const next = useRef(0);
  while (keys.current.length < count) {
    keys.current.push(next.current);
    next.current += 1;
  }
  return { at: (index: number) => keys.current[index], remove: (index: number) => void keys.current.splice(index, 1) };
}

interface MatcherRowProps {
  matcher: AlertMatcher;
  problem: string | undefined;
  onChange: (change: Partial<AlertMatcher>) => void;
  onRemove: () => void;
}

function MatcherRow({ matcher: { name, operator, value }, problem, onChange, onRemove }: MatcherRowProps) {
  const t = useText(silenceWords);
  const id = useId();
  const wrong = problem === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': id };
  return (
    <div>
      <div dir="ltr" className="flex items-center gap-1.5">
        <Input
          aria-label={t('label')}
          className="w-2/5 font-mono text-sm"
          value={name}
          maxLength={128}
          onChange={({ target }) => onChange({ name: target.value })}
          {...(name.trim() === '' ? wrong : {})}
        />
        <Select
          aria-label={t('operator')}
          className="w-auto shrink-0 font-mono text-sm"
          value={operator}
          onChange={({ target }) => onChange({ operator: operators.find(([one]) => one === target.value)?.[0] ?? '=' })}
        >
          {operators.map(([one, word]) => (
            <option key={one} value={one} aria-label={t(word)}>
              {one}
            </option>
          ))}
        </Select>
        <Input
          aria-label={t('value')}
          className="flex-1 font-mono text-sm"
          value={value}
          maxLength={1_000}
          onChange={({ target }) => onChange({ value: target.value })}
          {...(name.trim() === '' ? {} : wrong)}
        />
        <Button size="icon-sm" variant="ghost" aria-label={t('remove', { name })} onClick={onRemove}>
          <X size="0.875rem" />
        </Button>
      </div>
      {problem !== undefined && (
        <p id={id} role="alert" className="mt-0.5 text-danger text-sm">
          {problem}
        </p>
      )}
    </div>
  );
}
