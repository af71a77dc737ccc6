export { attachment } from '../kit/attachment.js';
