import { z } from 'zod';
import '../issue-text.ts';

/**
 * The console's RPC: the renderer calls services of the core. A service is methods and events, described once here; the
 * client is derived from the description, and the core validates every argument against it.
 */
export interface MethodShape {
  input: z.ZodType;
  output: unknown;
}
export interface ServiceShape {
  methods: Record<string, MethodShape>;
  events: Record<string, unknown>;
}

/** Describes a method with the input schema and the result type `Output`, which exists only as a type. */
export function method<Output>() {
  return <I extends z.ZodType>(input: I): { input: I; output: Output } => ({ input, output: undefined as Output });
}
/** Describes an event with `Payload`. */
export function event<Payload>(): Payload {
  return undefined as Payload;
}
export function service<const S extends ServiceShape>(shape: S): S {
  return shape;
}
/** For methods without arguments. */
export const nothing = z.undefined();

type EventName<N extends string> = `on${Capitalize<N>}`;
type Unsubscribe = () => void;

/** The renderer's client: methods take an optional abort signal, events are `onX` subscriptions. */
export type ServiceClient<S extends ServiceShape> = {
  [M in keyof S['methods'] & string]: undefined extends z.input<S['methods'][M]['input']>
    ? (input?: z.input<S['methods'][M]['input']>, signal?: AbortSignal) => Promise<S['methods'][M]['output']>
    : (input: z.input<S['methods'][M]['input']>, signal?: AbortSignal) => Promise<S['methods'][M]['output']>;
} & {
  [E in keyof S['events'] & string as EventName<E>]: (listener: (payload: S['events'][E]) => void) => Unsubscribe;
};

/** The core's handlers: each method gets its parsed input and a signal that aborts when the caller cancels. */
export type ServiceHandlers<S extends ServiceShape> = {
  [M in keyof S['methods'] & string]: (
    input: z.output<S['methods'][M]['input']>,
    signal: AbortSignal,
  ) => Promise<S['methods'][M]['output']> | S['methods'][M]['output'];
};

/** Frames between renderer and core; the same over MessagePort and WebSocket. `error` is an `ErrorBody`. */
export const toCore = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: z.number().int(), service: z.string(), method: z.string(), input: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('cancel'), id: z.number().int() }),
  z.strictObject({ kind: z.literal('subscribe'), service: z.string(), event: z.string() }),
  z.strictObject({ kind: z.literal('unsubscribe'), service: z.string(), event: z.string() }),
]);
export type ToCore = z.infer<typeof toCore>;
export type ToRenderer =
  /** Sent when nothing else is, so that a dead connection is noticed. */
  | { kind: 'alive' }
  | { kind: 'result'; id: number; output: unknown }
  | { kind: 'error'; id: number; error: unknown }
  | { kind: 'event'; service: string; event: string; payload: unknown };
/** How often `alive` is sent over a network; three times that without any frame means that the connection is dead, ms. */
export const aliveEveryMs = 5_000;
