import { Global, Module } from '@nestjs/common';
import { GoogleIdentity } from './google-identity';
import { JwksGoogleIdentity } from './jwks-google-identity';

/** Google sign-in. */
@Global()
@Module({ providers: [{ provide: GoogleIdentity, useClass: JwksGoogleIdentity }], exports: [GoogleIdentity] })
export class GoogleModule {}
