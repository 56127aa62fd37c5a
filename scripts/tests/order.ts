import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification, type Vitest } from 'vitest/node';

/**
 * The test files that take longest, the slowest first: they start first, so that both workers end at about the same time. What
 * is not named here follows by size. Only the duration of the run depends on it, so it need not be exact.
 */
const slowFiles: readonly string[] = [
  'test/screens/accessibility.test.tsx',
  'test/screens/ready-rules.test.tsx',
  'test/screens/rule-editor.test.tsx',
  'test/screens/rules.test.tsx',
  'test/screens/every-screen.test.tsx',
  'test/integration/loaders.test.ts',
  'test/integration/browser-host.test.ts',
  'test/integration/idempotency-crash.test.ts',
  'test/integration/backend-process.test.ts',
  'test/e2e/story.test.ts',
  'test/electron/desktop.test.ts',
  'test/integration/backend-kill.test.ts',
  'test/integration/console-connections.test.ts',
  'test/integration/console-storm.test.ts',
  'test/integration/console-outbox.test.ts',
  'test/integration/console-story.test.ts',
  'test/e2e/dashboards.test.ts',
  'test/e2e/explore.test.ts',
  'test/integration/series-stream.test.ts',
  'test/integration/shipped.test.ts',
  'test/e2e/alert-list.test.ts',
  'test/integration/console-answers.test.ts',
  'test/charts/damage.test.ts',
  'test/integration/services-schemas.test.ts',
  'test/conformance/signals-damage.test.ts',
  'test/conformance/signals-read.test.ts',
  'test/integration/alerting.test.ts',
  'test/charts/values.test.ts',
  'test/integration/agent.test.ts',
  'test/integration/services-apart.test.ts',
  'test/integration/signals-damaged.test.ts',
  'test/integration/self-telemetry.test.ts',
  'test/integration/process-tree.test.ts',
  'test/e2e/notifications.test.ts',
  'test/e2e/process-tree.test.ts',
  'test/integration/alerting-outage.test.ts',
  'test/integration/control-data.test.ts',
  'test/conformance/signals.test.ts',
  'test/integration/alerting-people.test.ts',
  'test/conformance/crash.test.ts',
  'test/conformance/database.test.ts',
  'test/conformance/bus.test.ts',
  'test/integration/gateway-sessions.test.ts',
  'test/integration/series-console.test.ts',
  'test/charts/faults.test.ts',
  'test/integration/disk-full.test.ts',
  'test/integration/gateway-events.test.ts',
  'test/integration/dashboards.test.ts',
  'test/integration/console-clock.test.ts',
  'test/integration/alerting-crash.test.ts',
  'test/conformance/failures.test.ts',
  'test/charts/live.test.ts',
  'test/charts/soak.test.ts',
  'main/core/storage/storage.test.ts',
  'common/rules/yaml.test.ts',
  'backend-bundle/engines/signals/chunks/pending.test.ts',
  'backend-bundle/engines/signals/chunks/store.test.ts',
];

/** Sorts the test files of all projects as one queue. */
export class SlowFirst extends BaseSequencer {
  readonly #root: string;

  constructor(vitest: Vitest) {
    super(vitest);
    this.#root = vitest.config.root;
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files);
    const missing = slowFiles.filter((file) => !existsSync(join(this.#root, file)));
    if (missing.length > 0) throw new Error(`scripts/tests/order.ts names files that do not exist: ${missing.join(', ')}`);
    const rank = (file: TestSpecification) => {
      const at = slowFiles.indexOf(relative(this.#root, file.moduleId));
      return at < 0 ? slowFiles.length : at;
    };
    return bySize.toSorted((a, b) => rank(a) - rank(b));
  }
}
