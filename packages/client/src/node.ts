export { toNodeHandler } from './saving/node-handler.js';
