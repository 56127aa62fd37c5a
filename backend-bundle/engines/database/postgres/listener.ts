import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';

type Listener = (text: string) => void;

/** A dedicated session that receives NOTIFY and reconnects automatically. */
export class PostgresListener {
  #settings: ConstructorParameters<typeof Client>[0];
  #log: Logger;
  #listeners = new Map<string, Set<Listener>>();
  #client: Promise<Client> | null = null;
  #closed = false;
  #sessions = 0;

  constructor(settings: ConstructorParameters<typeof Client>[0], log: Logger) {
    this.#settings = settings;
    this.#log = log;
  }

  async listen(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const known = this.#listeners.get(channel);
    if (known !== undefined) known.add(listener);
    else {
      this.#listeners.set(channel, new Set([listener]));
      try {
        this.#client ??= this.#first();
        const client = await this.#client;
        await client.query(`listen ${client.escapeIdentifier(channel)}`);
      } catch (error) {
        this.#listeners.delete(channel);
        throw error;
      }
    }
    return async () => void this.#listeners.get(channel)?.delete(listener);
  }

  /**
   * Resolves once every notification that was sent before this call has reached its listeners here. The server delivers pending
   * notifications before it finishes answering a query of the same session.
   * @returns the number of the session; a new one may have missed notifications
   * @throws the driver's error when there is no session
   */
  async caughtUp(): Promise<number> {
    const client = await (this.#client ?? this.#first());
    await client.query('select 1');
    return this.#sessions;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#client?.catch(() => null);
    await client?.end().catch(() => undefined);
  }

  async #first(): Promise<Client> {
    try {
      return await this.#connect();
    } catch (error) {
      this.#client = null;
      throw error;
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client(this.#settings);
    client.on('notification', ({ channel, payload = '' }) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(payload);
    });
    client.on('error', (error) => this.#log.warn({ err: error }, 'lost the session that listens to other processes'));
    try {
      await client.connect();
      for (const channel of this.#listeners.keys()) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    this.#sessions += 1;
    // Only a session that was established is replaced when it ends; otherwise each failed attempt would start its own chain of retries.
    client.on('end', () => void this.#reconnect());
    return client;
  }

  async #reconnect(): Promise<void> {
    for (let wait = 250; ; wait = Math.min(wait * 2, 15_000)) {
      await sleep(wait * (0.5 + Math.random() / 2), undefined, { ref: false });
      if (this.#closed) return;
      this.#client = this.#connect();
      const connected = await this.#client.then(
        () => true,
        () => false,
      );
      if (connected) return;
    }
  }
}
