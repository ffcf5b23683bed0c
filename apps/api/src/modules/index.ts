import { AuthModule } from './auth';
import { UsersModule } from './users';

/** Every feature of the server. */
export const FEATURE_MODULES = [UsersModule, AuthModule] as const;
