import { createRequire } from 'node:module';
import type { Counter, Histogram, Registry } from 'prom-client';

type PromClient = typeof import('prom-client');

/** What is counted; the names are part of the operator's surface. */
const COUNTERS = {
  officina_save_attempts_total: { help: 'Attempts to deliver a save, by outcome.', labels: ['outcome'] },
  officina_saves_settled_total: { help: 'Saves that came to an end, by state.', labels: ['state'] },
  officina_operations_total: { help: 'Edits that were numbered and logged.', labels: [] },
} as const;

const HISTOGRAMS = {
  officina_save_attempt_seconds: {
    help: 'Time of one attempt to deliver a save.',
    buckets: [0.05, 0.1, 0.3, 1, 3, 10, 30, 120],
  },
  officina_save_age_seconds: {
    help: 'Time from the acceptance of a save to its end.',
    buckets: [0.1, 0.3, 1, 3, 10, 60, 600, 3600, 86_400, 259_200],
  },
  officina_append_seconds: {
    help: 'Time until an edit is durable.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
  },
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;

export interface Metrics {
  count(name: CounterName, labels?: Readonly<Record<string, string>>, by?: number): void;
  observe(name: HistogramName, value: number): void;
  /** Shows a value that is read whenever somebody scrapes. */
  gauge(name: `officina_${string}`, help: string, read: () => number | Promise<number>): void;
  /** The Prometheus text exposition. */
  render(): Promise<{ contentType: string; text: string }>;
}

/** Metrics whose library is loaded when the first thing is counted or scraped, so that an idle server does not pay for it. */
export function createMetrics(): Metrics {
  const counters = new Map<CounterName, Counter>();
  const histograms = new Map<HistogramName, Histogram>();
  const gauges: { name: string; help: string; read: () => number | Promise<number> }[] = [];
  let loaded: { client: PromClient; registry: Registry } | undefined;

  return {
    count(name, labels = {}, by = 1) {
      counterOf(name).inc(labels, by);
    },
    observe(name, value) {
      histogramOf(name).observe(value);
    },
    gauge(name, help, read) {
      gauges.push({ name, help, read });
    },
    async render() {
      const { client, registry } = load();
      for (const name of Object.keys(COUNTERS) as CounterName[]) counterOf(name);
      for (const name of Object.keys(HISTOGRAMS) as HistogramName[]) histogramOf(name);
      for (const { name, help, read } of gauges.splice(0)) {
        new client.Gauge({
          name,
          help,
          registers: [registry],
          async collect() {
            this.set(await read());
          },
        });
      }
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };

  function load(): { client: PromClient; registry: Registry } {
    if (!loaded) {
      const client = createRequire(import.meta.url)('prom-client') as PromClient;
      const registry = new client.Registry();
      client.collectDefaultMetrics({ register: registry });
      loaded = { client, registry };
    }
    return loaded;
  }

  function counterOf(name: CounterName): Counter {
    const known = counters.get(name);
    if (known) return known;
    const { client, registry } = load();
    const { help, labels } = COUNTERS[name];
    const counter = new client.Counter({ name, help, labelNames: [...labels], registers: [registry] });
    counters.set(name, counter);
    return counter;
  }

  function histogramOf(name: HistogramName): Histogram {
    const known = histograms.get(name);
    if (known) return known;
    const { client, registry } = load();
    const { help, buckets } = HISTOGRAMS[name];
    const histogram = new client.Histogram({ name, help, buckets: [...buckets], registers: [registry] });
    histograms.set(name, histogram);
    return histogram;
  }
}
