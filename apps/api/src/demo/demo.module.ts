import { Module } from '@nestjs/common';
import { DemoRepository } from './demo.repository';

/** Lets the commands load demo data; serves no route. */
@Module({ providers: [DemoRepository], exports: [DemoRepository] })
export class DemoModule {}
