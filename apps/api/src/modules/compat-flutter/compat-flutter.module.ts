import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { FlutterProfileInterceptor } from './flutter-profile.interceptor';

/** `CLIENT_PROFILE=flutter-2026`: part of the application only where it is asked for. */
@Module({ providers: [{ provide: APP_INTERCEPTOR, useClass: FlutterProfileInterceptor }] })
export class CompatFlutterModule {}
