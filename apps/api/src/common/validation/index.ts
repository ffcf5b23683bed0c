export { buildDto } from './build-dto';
export { isPlainText } from './checks';
export * from './decorators';
export { PatchBody, Property } from './property';
