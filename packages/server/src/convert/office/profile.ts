import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Nothing listens below the ports that programs are given (RFC 6335: tcpmux, long out of use). */
const NOWHERE_PORT = '1';

/** What a worker's own LibreOffice must never do, whatever a document asks for. */
const SETTINGS: readonly (readonly [path: string, name: string, value: string])[] = [
  ['Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'],
  ['Office.Common/Security/Scripting', 'MacroSecurityLevel', '3'],
  // Links of a document are followed only if the document itself is trusted, and none is.
  ['Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'],
  // What slips past that goes to a proxy that is not there. 2: set by hand.
  ['Inet/Settings', 'ooInetProxyType', '2'],
  ['Inet/Settings', 'ooInetHTTPProxyName', '127.0.0.1'],
  ['Inet/Settings', 'ooInetHTTPProxyPort', NOWHERE_PORT],
  ['Inet/Settings', 'ooInetHTTPSProxyName', '127.0.0.1'],
  ['Inet/Settings', 'ooInetHTTPSProxyPort', NOWHERE_PORT],
  ['Inet/Settings', 'ooInetNoProxy', ''],
  // 2: never.
  ['Office.Writer/Content/Update', 'Link', '2'],
  ['Office.Recovery/AutoSave', 'Enabled', 'false'],
  ['Office.Recovery/RecoveryInfo', 'Enabled', 'false'],
  ['Office.Common/Save/Document', 'CreateBackup', 'false'],
  // Nobody else has the worker's folder.
  ['Office.Common/Misc', 'UseDocumentSystemFileLocking', 'false'],
  ['Office.Common/Misc', 'UseDocumentOOoLockFile', 'false'],
  ['Office.Common/History', 'PickListSize', '0'],
  ['Office.Common/Misc', 'FirstRun', 'false'],
];

/** Families that documents name, and those of ours with the same widths; the editor's own table says the same. */
const SUBSTITUTES: Readonly<Record<string, readonly string[]>> = {
  Carlito: ['Calibri', 'Calibri Light', 'Aptos', 'Aptos Display', 'Candara', 'Corbel', 'Segoe UI'],
  Caladea: ['Cambria', 'Cambria Math', 'Constantia'],
  Arimo: ['Arial', 'Helvetica', 'Liberation Sans'],
  Tinos: ['Times New Roman', 'Times', 'Liberation Serif', 'Garamond', 'Baskerville', 'Didot'],
  Cousine: ['Courier New', 'Courier', 'Liberation Mono', 'Consolas'],
  Gelasio: ['Georgia', 'Book Antiqua', 'Palatino Linotype', 'Palatino', 'Century Schoolbook', 'Century'],
};

/** Writes a fresh profile and font configuration into the worker's folder. */
export function writeProfile(folder: string, places: { fonts: string | null; cache: string }): void {
  const user = join(folder, 'profile', 'user');
  mkdirSync(user, { recursive: true });
  mkdirSync(join(folder, 'home'), { recursive: true });
  writeFileSync(join(user, 'registrymodifications.xcu'), registry());
  writeFileSync(join(folder, 'fonts.conf'), fontConfiguration(places));
}

function registry(): string {
  const items = SETTINGS.map(
    ([path, name, value]) =>
      `<item oor:path="/org.openoffice.${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" ' +
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `${items.join('')}</oor:items>\n`
  );
}

/** The fonts that we ship come first, so that the paper breaks where the screen does. */
function fontConfiguration({ fonts, cache }: { fonts: string | null; cache: string }): string {
  const own = fonts === null ? '' : `<dir>${fonts}</dir>`;
  const aliases = Object.entries(SUBSTITUTES).flatMap(([family, names]) =>
    names.map(
      (name) =>
        `<match target="pattern"><test name="family" qual="any" compare="eq"><string>${name}</string></test>` +
        `<edit name="family" mode="assign" binding="strong"><string>${family}</string></edit></match>`,
    ),
  );
  return (
    '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>' +
    `${own}<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><cachedir>${cache}</cachedir>` +
    `${fonts === null ? '' : aliases.join('')}</fontconfig>\n`
  );
}
