export { Logger } from './logger';
