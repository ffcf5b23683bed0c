export { CompatFlutterModule } from './compat-flutter.module';
export { describeFlutterProfile } from './flutter-description';
