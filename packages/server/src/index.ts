export { type Config, readConfig } from './config.js';
export { type Officina, startOfficina, VERSION } from './main.js';
