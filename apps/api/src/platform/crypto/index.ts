export { CryptoModule } from './crypto.module';
export { type PasswordCheck, Passwords } from './passwords';
