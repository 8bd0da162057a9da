/** Test support of the package: a started Sandbox behind the official SDK, and its stores. */
export { type ManualClock, manualClock, sdkFor, seconds, startSandbox, type TestSandbox } from './sandbox.ts';
export { openPglite, type TestStore, testStores } from './stores.ts';
