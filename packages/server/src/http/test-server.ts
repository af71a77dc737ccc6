import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { ApiKey } from '../domain/keys/api-key.js';
import {
  addApiKey,
  type DomainFixture,
  type DomainFixtureOptions,
  makeDomain,
  TEST_API_KEY,
} from '../domain/testing/domain-fixture.js';
import { createApp } from './app.js';
import { integratorFace, PARTIAL_DEFAULTS, refuseBrokenRequest } from './integrator/index.js';
import { UploadBudget } from './kit/upload-budget.js';

export interface TestServerOptions extends DomainFixtureOptions {
  key?: Partial<ApiKey>;
  publicUrl?: string | null;
  trustedProxies?: readonly string[];
  maxUploadBytes?: number;
  uploadBudgetBytes?: number;
  faces?: readonly FastifyPluginAsync[];
}

export interface TestServer {
  app: FastifyInstance;
  domain: DomainFixture;
  key: ApiKey;
  uploads: UploadBudget;
}

/** The dialect over the domain's memory stores and a fake clock; the key is `TEST_API_KEY`. */
export async function openTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const domain = makeDomain(options);
  const key = await addApiKey(domain, TEST_API_KEY, options.key);
  const uploads = new UploadBudget(options.uploadBudgetBytes ?? 64 * 1024 * 1024);
  const face = integratorFace({
    keys: domain.apiKeys,
    documents: domain.documentService,
    conversion: domain.conversion,
    sessions: domain.sessionService,
    saves: domain.saves,
    usage: domain.usage,
    publicUrl: options.publicUrl ?? null,
    partialPermissions: PARTIAL_DEFAULTS,
    maxUploadBytes: options.maxUploadBytes ?? 1024 * 1024,
    uploads,
    clock: domain.time.clock,
  });
  const app = await createApp({
    trustedProxies: options.trustedProxies ?? [],
    faces: [face, ...(options.faces ?? [])],
    refuse: refuseBrokenRequest,
  });
  return { app, domain, key, uploads };
}
