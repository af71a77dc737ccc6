import type { Deliverer } from '../../../packages/server/src/domain/saving/deliverer.js';
import type { Save, SaveStore } from '../../../packages/server/src/domain/saving/save.js';
import type { SeededRandom } from '../../../packages/server/src/domain/saving/testing/seeded-random.js';
import type { VirtualTime } from '../../../packages/server/src/domain/saving/testing/virtual-time.js';
import { REACTIONS, type Reaction } from '../../../packages/server/src/domain/saving/testing/world.js';
import type { Arrival } from './judge-history.js';
import type { SimulatedNode } from './simulated-node.js';

/** The network and the applications behind it: what a process sent may arrive after its death, or not be answered. */
export class SimulatedApplications {
  readonly arrivals: Arrival[] = [];
  /** Addresses that refuse everything at present. */
  readonly down = new Set<string>();
  /** Everything is taken from now on. */
  isWell = false;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
    private readonly ledger: Pick<SaveStore, 'find'>,
  ) {}

  delivererOf(sender: () => SimulatedNode): Deliverer {
    const { time, random } = this;
    return {
      deliver: async (save, bytes) => {
        const startedAt = time.clock();
        const finish = (reaction: Reaction) => ({
          ...{ saveId: save.id, number: save.attempts + 1, startedAt, answer: '', message: null },
          durationMs: Math.max(0, time.clock() - startedAt),
          status: null,
          retryAfterSeconds: null,
          canHeal: true,
          outcome: 'delivered' as const,
          ...reaction,
        });
        await time.sleep(random.between(1, 200));
        const isOrphan = sender().state === 'dead';
        const kind = this.isWell ? 'takes' : this.#choose(save);
        const isTaken = kind === 'takes' || kind === 'takes silently' || kind === 'takes late';
        if (kind === 'takes late') await time.sleep(random.between(1_000, 60_000));
        if (isTaken && !(isOrphan && random.chance(0.5))) await this.#take(save, bytes, sender());
        await time.sleep(random.between(1, 200));
        switch (kind) {
          case 'takes':
          case 'takes late':
            return finish(REACTIONS.takes);
          case 'takes silently':
          case 'is away':
            return finish(REACTIONS.isAway);
          case 'refuses':
            return finish(REACTIONS.refuses);
          case 'is gone':
            return finish(REACTIONS.isGone);
          case 'asks to wait':
            return finish({ ...REACTIONS.refuses, status: 503, retryAfterSeconds: random.between(1, 600) });
          default:
            return kind satisfies never;
        }
      },
    };
  }

  async #take(save: Save, bytes: Uint8Array, sender: SimulatedNode): Promise<void> {
    const row = await this.ledger.find(save.id);
    const isHeld = row?.leaseOwner?.startsWith(`${sender.id}.`) === true;
    this.arrivals.push({
      id: save.id,
      documentKey: save.documentKey,
      targetId: save.targetId,
      version: save.version,
      sequence: save.sequence,
      text: Buffer.from(bytes).toString(),
      isStray: sender.state !== 'running' || !isHeld,
    });
  }

  #choose(save: Save) {
    if (this.down.has(save.target.saveUrl))
      return this.random.pick(['is away', 'refuses', 'is gone', 'asks to wait'] as const);
    return this.random.pick(['takes', 'takes', 'takes', 'takes silently', 'takes late', 'refuses'] as const);
  }
}
