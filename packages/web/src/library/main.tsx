import '../kit/kit.css';
import '../front/front.css';
import './library.css';
import './dialogs.css';
import { followSystemTheme } from '../front/system-theme.js';
import { mountPage } from '../shell/mount.js';
import { LibraryPage } from './page.js';

followSystemTheme(document);
mountPage(document, <LibraryPage base={window.location.pathname.replace(/\/library(?:\/.*)?$/, '')} />);
