export { GlucoseAlertsModule } from './glucose-alerts.module';
