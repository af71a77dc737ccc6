import { AppError } from '@officina/protocol';
import type { SaveFormat } from '../saving/callback-settings.js';
import type { EgressPolicy } from '../saving/deliverer.js';
import type { EditingWish } from './opening.js';

export interface TargetCheckDeps {
  egress: EgressPolicy;
  formats: {
    /** Why files of the format cannot be made here, and what would help; null when they can. */
    lackFor(format: SaveFormat): string | null;
  };
}

/** Refuses by AppError a call whose saves could never arrive: egress_refused, engine_missing. */
export async function requireTarget(deps: TargetCheckDeps, wish: EditingWish): Promise<void> {
  const { callback } = wish.session;
  if (!callback) return;
  const refusal = await deps.egress.refusal(callback.saveUrl, wish.apiKey.egressAllow);
  if (refusal) throw new AppError('egress_refused', refusal, { blame: blame('save_url') });
  const lack = deps.formats.lackFor(callback.format);
  if (lack) throw new AppError('engine_missing', lack, { blame: blame('save_format') });
}

function blame(key: string) {
  return { parameter: 'callback_settings', key };
}
