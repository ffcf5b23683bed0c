export { GoogleIdentity, type GooglePerson } from './google-identity';
export { GoogleModule } from './google.module';
