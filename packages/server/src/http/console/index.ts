export { AdminPassword, type Settings } from './admin-password.js';
export type {
  AccountKeeper,
  ConsoleDeps,
  DeliveryControl,
  KeyKeeper,
  OverviewSource,
} from './ports.js';
export { type Console, createConsole } from './register-console.js';
