import { readFileSync } from 'node:fs';
import { AppError, ERROR_CODES, type ErrorCode } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { presentError, WIRE_CODES, WIRE_MESSAGES } from './wire-errors.js';

const REFERENCE = readFileSync(new URL('../../../../../docs/reference/errors.md', import.meta.url), 'utf8');

describe('errors of the dialect', () => {
  it('[SE38] are flat, at HTTP 400, with the documented message and whoever is to blame', () => {
    const error = new AppError('parameter_name_invalid', 'There is no key "document.exprt".', {
      blame: { parameter: 'permissions', key: 'document.exprt' },
    });

    expect(presentError(error)).toEqual({
      status: 400,
      headers: {},
      body: {
        code: 1832,
        message: 'Error occurred. Parameter name is either incorrect or invalid.',
        parameter_name: 'permissions',
        key_name: 'document.exprt',
        detail: 'There is no key "document.exprt".',
      },
    });
  });

  it('answer 500 only for our own faults, and say nothing of them', () => {
    const statuses = Object.keys(ERROR_CODES).map(
      (code) => [code, presentError(new AppError(code as ErrorCode)).status] as const,
    );

    expect(statuses.filter(([, status]) => status !== 400)).toEqual([['internal', 500]]);
  });

  it('tell when to come again', () => {
    const busy = presentError(new AppError('busy'));
    const limited = presentError(new AppError('call_limit_exceeded', undefined, { retryAfterSeconds: 12.2 }));

    expect(busy.headers).toEqual({ 'retry-after': '10' });
    expect(limited.headers).toEqual({ 'retry-after': '13' });
  });

  it('say more than the documented message where the cure is not in it', () => {
    const { body } = presentError(new AppError('egress_refused', 'Set OFFICINA_EGRESS_ALLOW.'));

    expect(body.message).toBe(`${WIRE_MESSAGES[1831]} Set OFFICINA_EGRESS_ALLOW.`);
  });
});

describe('the error reference', () => {
  const sections = new Map(
    REFERENCE.split(/^## /m)
      .slice(1)
      .map((section) => [section.split(/\s/, 1)[0] ?? '', section] as const),
  );

  it('has one section for each code that is sent, and no other', () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(WIRE_MESSAGES).sort());
  });

  it('gives the message of each code, and the causes that lead to it', () => {
    for (const [code, message] of Object.entries(WIRE_MESSAGES)) {
      const section = sections.get(code) ?? '';
      expect(section, code).toContain(`> ${message}`);
      const causes = Object.keys(WIRE_CODES).filter(
        (cause) => String(WIRE_CODES[cause as ErrorCode].code) === code,
      );
      const listed = [...section.matchAll(/^- `(\w+)`/gm)].map((match) => match[1]);
      expect(listed.sort(), code).toEqual(causes.sort());
    }
  });
});
