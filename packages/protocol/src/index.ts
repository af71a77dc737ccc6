export * from './console.js';
export * from './csp.js';
export * from './errors.js';
export * from './operation-rights.js';
export * from './participant-color.js';
export * from './permissions.js';
export * from './playground.js';
export * from './rooms.js';
