export { BOOST_TYPES } from './boost.schema';
export { BoostsModule } from './boosts.module';
export { BoostsService } from './boosts.service';
