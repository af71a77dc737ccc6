import { measureRooms } from './rooms/measure-rooms.js';

/** Many people in one document: what an operation costs the server, and when the others have it. */
export const run = (options: readonly string[]) =>
  measureRooms(
    ['fan-out-100', 'fan-out-200', 'fan-out-400', 'fan-out-500', 'fan-out-700', 'few-typing'],
    options,
  );
