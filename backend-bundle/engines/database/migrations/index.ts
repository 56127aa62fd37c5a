import { first } from './0001_first.ts';
import { versions } from './0002_versions.ts';
import { loaderTimes } from './0003_loader_times.ts';
import { owners } from './0004_owners.ts';
import { alertDetails } from './0005_alert_details.ts';
import { ruleVersions } from './0006_rule_versions.ts';
import { shipped } from './0007_shipped.ts';
import { ruleEvaluations } from './0008_rule_evaluations.ts';
import { chartPins } from './0009_chart_pins.ts';
import { policies } from './0010_policies.ts';
import { notifications } from './0011_notifications.ts';
import type { Migration } from './migration.ts';

/** All migrations, oldest first. */
export const migrations: readonly Migration[] = [
  first,
  versions,
  loaderTimes,
  owners,
  alertDetails,
  ruleVersions,
  shipped,
  ruleEvaluations,
  chartPins,
  policies,
  notifications,
];
