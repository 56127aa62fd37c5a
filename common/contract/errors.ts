import { z } from 'zod';

/**
 * Every error code of the product and its HTTP status. Codes are stable: consoles and scripts match on them, people read `message` and
 * `hint`.
 */
export const errorStatus = {
  validation_failed: 400,
  invalid_time_range: 400,
  sql_rejected: 400,
  bad_credentials: 401,
  token_missing: 401,
  token_expired: 401,
  token_invalid: 401,
  forbidden: 403,
  not_found: 404,
  not_acceptable: 406,
  conflict: 409,
  already_resolved: 409,
  version_conflict: 409,
  idempotency_key_reused: 422,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  query_too_large: 422,
  source_unreachable: 502,
  internal: 500,
  disk_full: 507,
  unavailable: 503,
  timeout: 504,
  contract_mismatch: 426,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** Parameters of a problem's texts. */
export type Params = Record<string, string | number>;

/** The format of errors over HTTP, RPC and the event stream. */
export const errorBody = z.object({
  code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
  /** The problem, with the name of the affected thing. */
  message: z.string(),
  /** Dotted path of the field in the request that caused the error, if there is one. */
  field: z.string().optional(),
  /** The way to fix it. */
  hint: z.string().optional(),
  requestId: z.string(),
  /** A finer code, if the error has its own text in every language. */
  reason: z.string().optional(),
  /** Parameters of the reason's text. */
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type ErrorBody = z.infer<typeof errorBody>;

export interface ErrorDetails {
  field?: string | undefined;
  hint?: string | undefined;
  requestId?: string | undefined;
  reason?: string | undefined;
  params?: Params | undefined;
  cause?: unknown;
}

/** Thrown by services and rules; keeps its code and hint over HTTP and RPC. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
  readonly reason: string | undefined;
  readonly params: Params | undefined;

  constructor(code: ErrorCode, message: string, more: ErrorDetails = {}) {
    super(message, { cause: more.cause });
    this.name = 'AppError';
    this.code = code;
    this.field = more.field;
    this.hint = more.hint;
    this.requestId = more.requestId;
    this.reason = more.reason;
    this.params = more.params;
  }

  get status(): number {
    return errorStatus[this.code];
  }

  toBody(requestId: string): ErrorBody {
    return { ...this.toProblem(), ...(this.field === undefined ? {} : { field: this.field }), requestId: this.requestId ?? requestId };
  }

  /** The part that is shown and stored. */
  toProblem(): Omit<ErrorBody, 'field' | 'requestId' | 'hint' | 'reason' | 'params'> & { hint?: string; reason?: string; params?: Params } {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.reason === undefined ? {} : { reason: this.reason, params: this.params ?? {} }),
    };
  }
}
