export { buildDto } from './build-dto';
export { checkNumber, isPlainText } from './checks';
export * from './decorators';
export { PatchBody, Property } from './property';
