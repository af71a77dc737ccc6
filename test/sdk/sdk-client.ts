import { devNull } from 'node:os';
import * as SDK from '@zoho-corp/office-integrator-sdk';
import { expect } from 'vitest';

/** Points the SDK at a server, as its documentation says; it knows one server at a time. */
export async function initializeSdk(address: string, apiKey: string): Promise<SDK.V1.V1Operations> {
  const environment = new SDK.ApiServer.Production(address);
  const auth = new SDK.AuthBuilder()
    .addParam('apikey', apiKey)
    .authenticationSchema(await new SDK.V1.Authentication().getTokenFlow())
    .build();
  const logger = new SDK.LogBuilder().level(SDK.Levels.OFF).filePath(devNull).build();
  const initialize = await new SDK.InitializeBuilder();
  await initialize.environment(environment).tokens([auth]).logger(logger).initialize();
  return new SDK.V1.V1Operations();
}

type Class<T> = (new () => unknown) & { prototype: T };

/** The decoded object, which must be of this very class. */
export function expectAnswer<T>(answer: SDK.Answer, status: number, type: Class<T>): T {
  expect(answer.statusCode).toBe(status);
  expect(answer.object).toBeInstanceOf(type);
  return answer.object as T;
}

/** The decoded refusal. */
export function expectRefusal(answer: SDK.Answer): {
  code: number | undefined;
  message: string | undefined;
  parameter: string | undefined;
  key: string | undefined;
} {
  const refusal = expectAnswer(answer, 400, SDK.V1.InvalidConfigurationException);
  return {
    code: refusal.getCode(),
    message: refusal.getMessage(),
    parameter: refusal.getParameterName(),
    key: refusal.getKeyName(),
  };
}
