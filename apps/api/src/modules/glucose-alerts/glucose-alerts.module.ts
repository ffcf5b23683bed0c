import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { GlucoseModule } from '../glucose';
import { NotificationsModule } from '../notifications';
import { NutritionModule } from '../nutrition';
import { UsersModule } from '../users';
import { AlertEvaluationListener } from './alert-evaluation.listener';
import { AlertEvaluation } from './alert-evaluation.service';
import { AlertNoticesListener } from './alert-notices.listener';
import { AlertSettingsRepository } from './alert-settings.repository';
import { AlertSettingsService } from './alert-settings.service';
import { AlertSituations } from './alert-situations.service';
import { AlertStatesRepository } from './alert-states.repository';
import { AlertTimersJob } from './alert-timers.job';
import { AlertsRepository } from './alerts.repository';
import { AlertsService } from './alerts.service';
import {
  GlucoseAlert,
  GlucoseAlertSchema,
  GlucoseAlertSettings,
  GlucoseAlertSettingsSchema,
  GlucoseAlertState,
  GlucoseAlertStateSchema,
} from './glucose-alert.schema';
import { GlucoseAlertsController } from './glucose-alerts.controller';
import { GlucoseAlertsErasureStep } from './glucose-alerts-erasure.step';
import { GlucoseAlertsExport } from './glucose-alerts.export';
import { PatientAlertsController } from './patient-alerts.controller';

/** Alerts on glucose readings (clinical/glucose-alerts). */
@Module({
  imports: [
    UsersModule,
    NotificationsModule,
    GlucoseModule,
    NutritionModule,
    MongooseModule.forFeature([
      { name: GlucoseAlert.name, schema: GlucoseAlertSchema },
      { name: GlucoseAlertState.name, schema: GlucoseAlertStateSchema },
      { name: GlucoseAlertSettings.name, schema: GlucoseAlertSettingsSchema },
    ]),
  ],
  controllers: [GlucoseAlertsController, PatientAlertsController],
  providers: [
    AlertsRepository,
    AlertStatesRepository,
    AlertSettingsRepository,
    AlertSituations,
    AlertEvaluation,
    AlertEvaluationListener,
    AlertNoticesListener,
    AlertTimersJob,
    AlertsService,
    AlertSettingsService,
    GlucoseAlertsErasureStep,
    GlucoseAlertsExport,
  ],
})
export class GlucoseAlertsModule {}
