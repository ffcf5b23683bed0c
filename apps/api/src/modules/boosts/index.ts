export { BoostsModule } from './boosts.module';
export { BoostsService } from './boosts.service';
