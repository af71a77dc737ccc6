/** Session ids are capabilities: who has one can open the document. A log needs enough of one to tell two apart. */
const SHOWN = 6;

/** Path segments after which a session id stands. */
const AFTER = /\/(documents?|sessions?|rooms\/[^/?#]+|templates?|fillabletemplates?)\/([^/?#]+)/g;
const SECRET_PARAMETER = /([?&](?:apikey|api_key|key|token|ticket|password|code|secret)=)[^&#]*/gi;

/** A request's URL as it may stand in a log. */
export function maskUrl(url: string): string {
  return url
    .replace(AFTER, (_whole, place: string, id: string) => `/${place}/${maskId(id)}`)
    .replace(SECRET_PARAMETER, '$1[redacted]');
}

export function maskId(id: string): string {
  return id.length <= SHOWN ? id : `${id.slice(0, SHOWN)}…`;
}
