const RED =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

/** The smallest PNG: one red pixel. */
export function redPixel(): Uint8Array {
  return new Uint8Array(Buffer.from(RED, 'base64'));
}
