export { CareRelationsModule } from './care-relations.module';
