/** Version of this contract. Raise it when an older console or backend would misunderstand a message. */
export const contractVersion: number = 2;
/**
 * The oldest contract that this build still supports. Contract 1 had other names in answers and no ranges that move by the calendar: its consoles
 * would refuse most answers, so they are told to update.
 */
export const oldestContract: number = 2;
/** Request header that states the contract version of the caller. */
export const contractHeader = 'x-watchfloor-contract';
/** Request header by which one service of the backend says on whose behalf it calls another, signed with their common key. */
export const callerHeader = 'x-watchfloor-caller';
export const idempotencyHeader = 'idempotency-key';
/** The product version, the same for the console and the backend. */
export const productVersion = '0.1.0';
