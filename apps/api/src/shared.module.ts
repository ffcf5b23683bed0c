import { type DynamicModule, Global, type InjectionToken, Module } from '@nestjs/common';

/** A value that exists before the application does. */
export interface SharedValue {
  readonly provide: InjectionToken;
  readonly useValue: unknown;
}

/** Makes such values (settings, clock, log, metrics) injectable everywhere. */
@Global()
@Module({})
export class SharedModule {
  static forRoot(values: readonly SharedValue[]): DynamicModule {
    return { module: SharedModule, providers: [...values], exports: values.map((value) => value.provide) };
  }
}
