export { type PageProblem, sendNotFound, sendProblem } from './error-page.js';
export { CallbackReceiver, selfOrigin } from './playground/callback-receiver.js';
export { type PagesDeps, registerPages } from './register-pages.js';
export { type SignUpPageDeps, signUpFace } from './sign-up-page.js';
