/** What stands in the window until the document does. */
export function Opening({ name, words = 'Opening…' }: { name: string; words?: string }) {
  return (
    <main className="of-page" aria-busy="true">
      <div role="status" className="ow-opening">
        <div className="of-spinner" aria-hidden="true" />
        <p>
          <strong>{name}</strong>
        </p>
        <p>{words}</p>
      </div>
    </main>
  );
}
