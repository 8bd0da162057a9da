export type { Components, Operations } from './api.generated.ts';
export { type Billow, type CallOptions, type ClientOptions, createBillow, type Page } from './client.ts';
export { BillowError } from './error.ts';
export { advanceClock, type CapturedMail, waitForMail } from './wait.ts';
