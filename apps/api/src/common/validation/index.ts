export { buildDto } from './build-dto';
export * from './decorators';
export { PatchBody, Property } from './property';
