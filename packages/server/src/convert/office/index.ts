export { findOffice, type OfficeInstallation, type OfficeSearch } from './installation.js';
export { lackFor } from './lack.js';
export { OfficeConverter, type OfficeConverterOptions, type OfficeTarget } from './office-converter.js';
