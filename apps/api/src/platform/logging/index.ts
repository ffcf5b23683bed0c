export { describeError } from './describe-error';
export { Logger, type LoggerOptions, type RequestLine } from './logger';
