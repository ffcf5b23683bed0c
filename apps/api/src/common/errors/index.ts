export { AppError, type AppErrorOptions, type FieldProblem, invalidField, validationFailed } from './app-error';
export { ERROR_CATALOGUE, type ErrorCode } from './catalogue';
