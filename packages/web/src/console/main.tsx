import '../kit/kit.css';
import '../front/front.css';
import './console.css';
import { followSystemTheme } from '../front/system-theme.js';
import { mountPage } from '../shell/mount.js';
import { ConsolePage } from './page.js';

followSystemTheme(document);
mountPage(document, <ConsolePage base={window.location.pathname.replace(/\/console(?:\/.*)?$/, '')} />);
