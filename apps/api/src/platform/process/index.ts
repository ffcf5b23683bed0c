export { DatabaseHost } from './database-host';
export { ProcessModule } from './process.module';
export { shutDownOnSignals } from './shutdown';
