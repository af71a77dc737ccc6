import { useZoom } from '@docx-editor.dev/react';
import { Button } from '../kit/button.js';

/** Smaller, larger, and the scale itself, which goes back and forth between the page's width and its true size. */
export function ZoomButtons() {
  const { zoom, isFit, auto, reset, zoomIn, zoomOut, canZoomIn, canZoomOut } = useZoom();
  const percent = `${Math.round(zoom * 100)} %`;
  return (
    <fieldset className="ov-zoom">
      <legend className="of-hidden">Zoom</legend>
      <Button tone="plain" aria-label="Zoom out" title="Zoom out" disabled={!canZoomOut} onClick={zoomOut}>
        −
      </Button>
      <Button
        tone="plain"
        className="ov-scale"
        title={isFit ? 'Show in true size' : 'Fit the page to the window'}
        onClick={isFit ? reset : auto}
      >
        {percent}
      </Button>
      <Button tone="plain" aria-label="Zoom in" title="Zoom in" disabled={!canZoomIn} onClick={zoomIn}>
        +
      </Button>
    </fieldset>
  );
}
