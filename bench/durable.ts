import { measureRooms } from './rooms/measure-rooms.js';

/** A hundred busy rooms on one core: when an edit is durable. */
export const run = (options: readonly string[]) => measureRooms(['busy-rooms'], options);
