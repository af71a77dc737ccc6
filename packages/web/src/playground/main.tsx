import '../kit/kit.css';
import '../front/front.css';
import './start.css';
import './workbench.css';
import './log.css';
import { followSystemTheme } from '../front/system-theme.js';
import { mountPage } from '../shell/mount.js';
import { PlaygroundPage } from './page.js';

followSystemTheme(document);
mountPage(document, <PlaygroundPage base={window.location.pathname.replace(/\/+$/, '')} />);
