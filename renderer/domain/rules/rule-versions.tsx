import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Rule } from '#common/contract/rules.ts';
import { queryKeys, useConsole, useRuleVersion, useRuleVersions } from '#renderer/domain/queries/index.ts';
import { VersionHistory } from '#renderer/domain/versions/history.tsx';
import { words } from '#renderer/domain/versions/words.ts';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';

const hooks = { useVersions: useRuleVersions, useVersion: useRuleVersion };

interface RuleVersionsProps {
  connection: Connection;
  rule: Rule;
  onClose: () => void;
}

/** The versions of a rule, which can be restored. */
export function RuleVersions({ connection, rule, onClose }: RuleVersionsProps) {
  const t = useText(words);
  const { alerts } = useConsole();
  const queries = useQueryClient();
  const [version, setVersion] = useState(0);
  const restore = async (to: number) => {
    try {
      await alerts.rollbackRule({ connectionId: connection.id, code: rule.code, to, version: rule.version });
    } finally {
      // Whether the version was restored or refused, the rule on screen may be out of date.
      await queries.invalidateQueries({ queryKey: queryKeys.rules(connection.id) });
    }
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('versionsTitle', { title: rule.name })}
      className="w-[min(76rem,100vw)]"
    >
      <VersionHistory {...{ connection, hooks, version, restore }} subject={rule} onChoose={setVersion} />
    </Sheet>
  );
}
