// The official SDK is JavaScript without declarations.
declare module '@zoho-corp/office-integrator-sdk';
