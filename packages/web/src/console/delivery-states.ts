import type { ConsoleDelivery } from '@officina/protocol';

/** What an operator can do about a delivery besides looking at it. */
export type Remedy =
  /** It goes out again at once. */
  | 'send_again'
  /** Sending it would overwrite what came later: its file is for people to look at. */
  | 'look'
  | 'none';

/** How the states of the ledger are shown, and what can be done in each. */
export const DELIVERY_STATES = {
  accepted: { tone: 'calm', word: 'accepted', remedy: 'send_again' },
  built: { tone: 'warn', word: 'waiting', remedy: 'send_again' },
  delivered: { tone: 'good', word: 'delivered', remedy: 'none' },
  superseded: { tone: 'calm', word: 'superseded', remedy: 'none' },
  parked: { tone: 'bad', word: 'stuck', remedy: 'send_again' },
  conflict: { tone: 'bad', word: 'conflict', remedy: 'look' },
} as const satisfies Record<ConsoleDelivery['state'], { tone: string; word: string; remedy: Remedy }>;
