import { Icon } from '../kit/icon.js';

/** Why somebody from elsewhere cannot play here at once, and what to do. */
export function Locked({
  reason,
  consolePath,
}: {
  reason: 'locked' | 'keyless' | 'unreachable';
  consolePath: string;
}) {
  return (
    <main className="pg-locked">
      <Icon name={reason === 'unreachable' ? 'offline' : 'key'} size={34} />
      <h1>{WORDS[reason].title}</h1>
      {WORDS[reason].lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {reason === 'unreachable' ? (
        <button
          type="button"
          className="of-button"
          data-tone="accent"
          onClick={() => window.location.reload()}
        >
          Try again
        </button>
      ) : (
        <a className="of-button" data-tone="accent" href={consolePath}>
          {reason === 'locked' ? 'Sign in to the console' : 'Open the console'}
        </a>
      )}
    </main>
  );
}

const WORDS = {
  locked: {
    title: 'Sign in to play here',
    lines: [
      'The playground works with this server’s real API key, so it opens by itself only in a browser on the server’s own machine, at http://localhost or http://127.0.0.1.',
      'From here, sign in to the console first. Its password was printed when the server started.',
    ],
  },
  keyless: {
    title: 'The playground needs an API key',
    lines: [
      'The key that this server made at its first start was revoked, and of all others it keeps only fingerprints.',
      'Start it with OFFICINA_API_KEY set to a key of your choice, and the playground uses that one.',
    ],
  },
  unreachable: {
    title: 'The server does not answer',
    lines: ['It may be restarting, or the connection to it is gone.'],
  },
} as const;
