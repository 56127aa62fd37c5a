import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Rule } from '#common/contract/rules.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useRules } from '#renderer/domain/queries/index.ts';
import { conditionSentence } from '#renderer/domain/rules/condition-sentence.ts';
import { RuleForm } from '#renderer/domain/rules/rule-form.tsx';
import { RuleVersions } from '#renderer/domain/rules/rule-versions.tsx';
import { words as ruleWords } from '#renderer/domain/rules/words.ts';
import { words as versionWords } from '#renderer/domain/versions/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge, Skeleton } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { words } from './words.ts';

interface RuleBoxProps {
  connection: Connection | undefined;
  connectionId: string;
  ruleCode: string;
  unit: string;
}

/** The rule of an alert: when it fires, and for operators the fields worth changing in a hurry. */
export function RuleBox({ connection, connectionId, ruleCode, unit }: RuleBoxProps) {
  const t = useText(words);
  const { data, isPending } = useRules(connectionId);
  const rule = data?.rules.find((one) => one.code === ruleCode);
  const r = useText(ruleWords);
  const v = useText(versionWords);
  const [editing, setEditing] = useState(false);
  const [comparing, setComparing] = useState(false);
  const denied = usePermission(connection, 'OPERATOR', true);
  if (isPending) return <Skeleton className="h-16" />;
  if (!rule) return <p className="text-muted">{t('ruleUnknown', { code: ruleCode })}</p>;
  if (editing) return <RuleForm key={rule.version} rule={rule} connectionId={connectionId} unit={unit} onDone={() => setEditing(false)} />;
  return (
    <div className="flex items-start gap-3">
      <RuleSentence rule={rule} connectionId={connectionId} unit={unit} />
      <Button size="sm" variant="ghost" onClick={() => setComparing(true)}>
        {v('versions')}
      </Button>
      <Button size="sm" disabledReason={denied} onClick={() => setEditing(true)}>
        {r('edit')}
      </Button>
      {comparing && connection && <RuleVersions connection={connection} rule={rule} onClose={() => setComparing(false)} />}
    </div>
  );
}

function RuleSentence({ rule, connectionId, unit }: { rule: Rule; connectionId: string; unit: string }) {
  const t = useText(words);
  const r = useText(ruleWords);
  const { language } = usePreferences();
  return (
    <div className="min-w-0 flex-1">
      <p>
        {!rule.enabled && <Badge className="me-2">{t('disabled')}</Badge>}
        {conditionSentence(r, rule, unit, language)}
      </p>
      <p className="text-faint text-sm">
        {r('evaluatedEvery', { duration: formatSetDuration(rule.evaluateEveryMs, language) })} ·{' '}
        {r('onNoData', { policy: r(`policy_${rule.onNoData}`) })} · {r('changedBy', { by: rule.updatedBy })} <Age at={rule.updatedAt} />
        {' · '}
        <Link {...places.rules({ connection: connectionId, rule: rule.code })} className="text-accent underline underline-offset-2">
          {t('openRule')}
        </Link>
      </p>
    </div>
  );
}
