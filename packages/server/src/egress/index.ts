export { createDeliverer, type DelivererDeps } from './deliverer.js';
export { allowsLoopback, createEgressPolicy, type EgressGuard, type EgressOptions } from './egress-policy.js';
export { createFetcher, type FetcherDeps } from './fetcher.js';
