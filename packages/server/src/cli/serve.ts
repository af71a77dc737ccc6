import { readConfig } from '../config.js';
import { type Officina, startOfficina } from '../main.js';
import type { Verb } from './verb.js';

/** A stop that takes longer is cut: what is durable stays durable. */
const STOP_LIMIT_MS = 9_500;

/** `serve`: runs the server until SIGTERM or SIGINT. */
export const serve: Verb = async () => {
  const officina = await startOfficina(readConfig(process.env, process.cwd()));
  announce(officina);
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const limit = setTimeout(() => {
    console.error(`The stop after ${signal} took too long; ended.`);
    process.exit(0);
  }, STOP_LIMIT_MS);
  limit.unref();
  await officina.close();
  process.exit(0);
};

function announce({ url, apiKey, generatedPassword, newSigningSecret }: Officina): void {
  const password =
    generatedPassword === null
      ? 'OFFICINA_ADMIN_PASSWORD, or as printed at the first start'
      : generatedPassword;
  console.log(`Officina is ready at ${url}`);
  console.log(`Playground: ${url}/`);
  console.log(`API key: ${apiKey}`);
  console.log(`Console: ${url}/console (password: ${password})`);
  if (newSigningSecret !== null)
    console.log(`Callbacks of this key are signed with ${newSigningSecret} (shown only now)`);
}
