export { DatabaseHost, type DatabaseHostOptions } from './database-host';
export { ProcessModule } from './process.module';
export { shutDownOnSignals } from './shutdown';
export { ShutdownState } from './shutdown-state';
