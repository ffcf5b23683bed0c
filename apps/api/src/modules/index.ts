import { AuthModule } from './auth';
import { ConversationsModule } from './conversations';
import { NotificationsModule } from './notifications';
import { PatientRequestsModule } from './patient-requests';
import { UsersModule } from './users';

/** Every feature of the server. */
export const FEATURE_MODULES = [UsersModule, AuthModule, NotificationsModule, ConversationsModule, PatientRequestsModule] as const;
