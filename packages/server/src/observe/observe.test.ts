import { describe, expect, it } from 'vitest';
import { createLog, createMetrics, maskUrl, observeRooms, observeSaves } from './index.js';

function aLog() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    level: 'info',
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  });
  return { log, lines };
}

describe('log', () => {
  it('redacts keys, secrets and tokens at the top and inside', () => {
    const { log, lines } = aLog();

    log.info(
      { apikey: 'k', key: { signingSecret: 's' }, headers: { authorization: 'a', 'set-cookie': 'c' } },
      'x',
    );

    expect(lines[0]).toMatchObject({
      apikey: '[redacted]',
      key: { signingSecret: '[redacted]' },
      headers: { authorization: '[redacted]', 'set-cookie': '[redacted]' },
    });
  });

  it('shows requests without the capability in their URL', () => {
    const { log, lines } = aLog();

    log.info(
      { req: { method: 'GET', url: '/writer/officeapi/v1/documents/0123456789abcdef/edit?apikey=1234&' } },
      'x',
    );

    expect(lines[0]?.req).toEqual({
      method: 'GET',
      url: '/writer/officeapi/v1/documents/012345…/edit?apikey=[redacted]&',
    });
  });

  it.each([
    ['/rooms/writer/0123456789', '/rooms/writer/012345…'],
    ['/writer/officeapi/v1/session/0123456789?x=1', '/writer/officeapi/v1/session/012345…?x=1'],
    ['/', '/'],
  ])('masks %s as %s', (url, masked) => {
    expect(maskUrl(url)).toBe(masked);
  });
});

describe('metrics', () => {
  it('renders what was counted, observed and read', async () => {
    const metrics = createMetrics();
    const { meter } = observeSaves(aLog().log, metrics);
    metrics.gauge('officina_oldest_undelivered_save_seconds', 'Age.', () => 12);

    meter.attempted('refused', 200);
    meter.settled('delivered', 900);
    observeRooms(metrics).meter.appended(3, 4);

    const { text, contentType } = await metrics.render();
    expect(contentType).toContain('text/plain');
    expect(text).toContain('officina_save_attempts_total{outcome="refused"} 1');
    expect(text).toContain('officina_saves_settled_total{state="delivered"} 1');
    expect(text).toContain('officina_save_attempt_seconds_bucket{le="0.3"} 1');
    expect(text).toContain('officina_operations_total 3');
    expect(text).toContain('officina_append_seconds_bucket{le="0.005"} 1');
    expect(text).toContain('officina_oldest_undelivered_save_seconds 12');
    expect(text).toContain('process_resident_memory_bytes');
  });
});
