import { currentAcknowledgement, currentSnooze } from '../alerts/handling.ts';
import type { Alert } from '../contract/alerts.ts';
import type { Maintenance, NotificationPath, PathStep, Policies, Silence } from '../contract/policies.ts';
import { Inhibitions, type PolicySubject } from './inhibition.ts';
import { nextMaintenanceChange } from './maintenance.ts';
import { matchesAll, policyLabels } from './matchers.ts';

type PathAlert = Pick<
  Alert,
  'id' | 'labels' | 'ruleName' | 'ruleCode' | 'chartCode' | 'severity' | 'acknowledgement' | 'snooze' | 'suppressed'
>;

const isSilenceActive = ({ startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>, now: number): boolean =>
  startsAt <= now && now < endsAt;

/**
 * The policies at one time, over the alerts that fire then. Everything follows from what it is given, so the way of an alert at an earlier
 * time can be shown again from what was stored.
 */
export class PolicySnapshot {
  readonly #now: number;
  readonly #inhibitions: Inhibitions;
  readonly #silences: Silence[];
  readonly #maintenance: { window: Maintenance; until: number | null }[];

  /**
   * @param firing every firing alert
   * @param now epoch ms
   */
  constructor(policies: Policies, firing: readonly PathAlert[], now: number) {
    this.#now = now;
    this.#inhibitions = new Inhibitions(policies.inhibitions, firing.map(subjectOf));
    this.#silences = policies.silences.filter((one) => isSilenceActive(one, now));
    this.#maintenance = policies.maintenance.flatMap((window) => {
      const { isOpen, at } = nextMaintenanceChange(window, now);
      return isOpen ? [{ window, until: at }] : [];
    });
  }

  /** Returns the way of a firing alert to its notification. */
  pathOf(alert: PathAlert): NotificationPath {
    const subject = subjectOf(alert);
    const steps: PathStep[] = [];
    for (const take of [
      () => this.#inhibition(subject),
      () => this.#silence(subject),
      () => this.#maintenanceStep(subject),
      () => this.#acknowledgement(alert),
      () => this.#snooze(alert),
      () => ({ step: 'suppression' as const, stop: alert.suppressed ? {} : null }),
    ]) {
      const step = take();
      steps.push(step);
      if (step.stop !== null) return { notifies: false, steps };
    }
    return { notifies: true, steps };
  }

  #inhibition(subject: PolicySubject): PathStep {
    const found = this.#inhibitions.find(subject);
    return {
      step: 'inhibition',
      stop: found === null ? null : { inhibitionId: found.rule.id, name: found.rule.name, sourceId: found.source.alertId },
    };
  }

  #silence({ labels }: PolicySubject): PathStep {
    // The one that ends last says how long it stays quiet.
    const [last] = this.#silences.filter(({ matchers }) => matchesAll(matchers, labels)).sort((a, b) => b.endsAt - a.endsAt);
    const stop = last === undefined ? null : { silenceId: last.id, by: last.by, reason: last.reason, until: last.endsAt };
    return { step: 'silence', stop };
  }

  #maintenanceStep({ labels }: PolicySubject): PathStep {
    const open = this.#maintenance.find(({ window }) => matchesAll(window.matchers, labels));
    if (open === undefined) return { step: 'maintenance', stop: null };
    const { id, name, reason } = open.window;
    return { step: 'maintenance', stop: { maintenanceId: id, name, reason, until: open.until } };
  }

  #acknowledgement(alert: PathAlert): PathStep {
    const current = currentAcknowledgement(alert, this.#now);
    return { step: 'acknowledgement', stop: current === null ? null : { by: current.by, until: current.expiresAt } };
  }

  #snooze(alert: PathAlert): PathStep {
    const current = currentSnooze(alert, this.#now);
    return { step: 'snooze', stop: current === null ? null : { by: current.by, reason: current.reason, until: current.until } };
  }
}

const subjectOf = (alert: PathAlert): PolicySubject => ({ alertId: alert.id, labels: policyLabels(alert) });
