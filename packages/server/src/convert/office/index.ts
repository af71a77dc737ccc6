export { findOffice, type OfficeInstallation, type OfficeSearch } from './installation.js';
export { OfficeConverter, type OfficeConverterOptions, type OfficeTarget } from './office-converter.js';
