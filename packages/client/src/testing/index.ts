export { type Fault, type FaultPlan, inOrder, type TestClock } from './faults.js';
export { createTestSender, type SendOptions, type TestSave, type TestSender } from './test-sender.js';
export {
  createTestServer,
  type TestDelivery,
  type TestServer,
  type TestServerOptions,
} from './test-server.js';
