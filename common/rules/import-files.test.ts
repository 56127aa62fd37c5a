import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chartDefinition } from '../contract/charts.ts';
import { describeImport } from '../words/rule-imports.ts';
import { importRules } from './import.ts';
import { checkTemplate } from './text-template.ts';

const folder = fileURLToPath(new URL('../../test/fixtures/rules/', import.meta.url));
const charts = [
  ...['host_cpu_percent', 'host_memory_percent', 'host_disk_percent', 'host_load1', 'host_clock_seconds'],
  ...['pod_container_waiting', 'pod_phase', 'deployment_replicas_wanted', 'volume_available_bytes', 'job_failed'],
].map((name) => chartDefinition.parse({ code: name.replaceAll('_', '-'), title: name, selector: { from: 'metric', name } }));

/** What becomes of each rule of a file: its code and remarks, or its name, the part that is refused, and why. */
function outcomes(file: string): string[] {
  const text = readFileSync(`${folder}${file}`, 'utf8');
  const { imported, refused } = importRules(text, file, { charts, series: null, chartOf: new Map() });
  for (const { rule } of imported) for (const one of Object.values(rule.annotations)) checkTemplate(one);
  const lines = [
    ...imported.map(({ line, rule, notes }) => ({ line, text: `${rule.code} (${notes.map(({ code }) => code).join(', ')})` })),
    ...refused.map(({ line, name, note, part }) => ({
      line,
      text: `${name}: ${note.code}${part ? ` at ${part.line}:${part.column} ${part.text}` : ''}`,
    })),
  ];
  for (const { note } of refused) expect(describeImport(note, 'en')).not.toMatch(/[{}]/);
  return lines.sort((a, b) => a.line - b.line).map(({ text: one }) => one);
}

it('rules of hosts are imported, or refused at what has no counterpart', () => {
  expect(outcomes('hosts.rules.yml')).toEqual([
    'host-processor-saturated ()',
    'host-memory-low (template_left)',
    'HostDiskFilling: function at 4:3 predict_linear(host_disk_percent{mount="/"}[6h], 24 * 60 * 60)',
    'HostDiskAlmostFull: matcher at 1:19 mount!~"/(boot|snap).*"',
    'host-disk-almost-full ()',
    'HostNetworkErrors: function_rate at 1:1 rate(host_network_receive_errors_total[2m])',
    'host:cpu:avg5m: recording_rule',
    'host-silent (absent_each)',
    'host-load-unusual (value_current)',
    'host-clock-stopped (unchanged_points, severity_none)',
    'HostBooted: function at 1:1 time()',
    'TargetDown: operator at 1:5 *',
  ]);
});

it('rules of a cluster are imported, or refused at what has no counterpart', () => {
  expect(outcomes('kubernetes.rules.yml')).toEqual([
    'pod-waiting ()',
    'PodNotReady: operator at 3:3 *',
    'DeploymentReplicasMismatch: several_metrics at 1:28 !=',
    'volume-filling (template_left, template_left, template_left)',
    'JobFailed: unless at 1:16 unless',
    'ProcessorOvercommitted: bool at 1:69 >',
    'ApiSlow: function at 1:1 histogram_quantile(0.99, sum by (le, verb) (rate(request_duration_seconds_bucke…',
    'Watchdog: function at 1:1 vector(1)',
  ]);
});
