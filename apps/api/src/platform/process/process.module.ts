import { Global, Module } from '@nestjs/common';
import { ShutdownState } from './shutdown-state';

/** What the application knows of its process. */
@Global()
@Module({ providers: [ShutdownState], exports: [ShutdownState] })
export class ProcessModule {}
