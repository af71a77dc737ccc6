import { measureRooms } from './rooms/measure-rooms.js';

/** What it takes to open documents: thousands at once, and one with a long history. */
export const run = (options: readonly string[]) => measureRooms(['many-documents', 'late-join'], options);
