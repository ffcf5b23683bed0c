export { AppError, type FieldProblem, invalidField, validationFailed } from './app-error';
export { ERROR_CATALOGUE, type ErrorCode } from './catalogue';
