/** Version of this contract. Raise it when an older console or backend would misunderstand a message. */
export const contractVersion: number = 2;
/**
 * The oldest contract that this build still supports. Contract 1 had other field names and no calendar-relative ranges: its consoles would
 * reject most replies, so they are asked to update.
 */
export const oldestContract: number = 2;
/** Request header that states the contract version of the caller. */
export const contractHeader = 'x-watchfloor-contract';
/** Request header with the caller on whose behalf one service of the backend calls another, signed with their shared key. */
export const callerHeader = 'x-watchfloor-caller';
export const idempotencyHeader = 'idempotency-key';
/** The product version, the same for the console and the backend. */
export const productVersion = '0.1.0';
