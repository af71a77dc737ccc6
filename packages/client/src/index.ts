export { createOfficina, type Officina, OfficinaError, type OfficinaOptions } from './api/officina.js';
export type {
  CallbackSettings,
  DocumentDetails,
  OpenedDocument,
  OpenRequest,
  SessionDetails,
} from './api/wire.js';
export { createSaveMemory, type ReceivedSave, type SaveMemory } from './saving/received-save.js';
export { createSaveReceiver, type SaveReceiverOptions, SaveRefused } from './saving/save-receiver.js';
export { SAVE_HEADERS, sha256Hex, signDelivery, verifyDelivery } from './saving/signature.js';
