export { buildDto } from './build-dto';
export { checkFreeObject, checkHttpsUrl } from './checks';
export * from './decorators';
export { PatchBody, Property, type PropertySpec, type RuleProblem } from './property';
