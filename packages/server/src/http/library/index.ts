export type { LibraryFaceDeps } from './ports.js';
export { createLibraryFace, type LibraryFace } from './register-library.js';
