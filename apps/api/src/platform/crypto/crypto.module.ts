import { Global, Module } from '@nestjs/common';
import { Passwords } from './passwords';

/** Password hashing. */
@Global()
@Module({ providers: [Passwords], exports: [Passwords] })
export class CryptoModule {}
