export { CryptoModule } from './crypto.module';
export { Passwords } from './passwords';
