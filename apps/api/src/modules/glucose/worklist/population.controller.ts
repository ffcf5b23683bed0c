import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint } from '../../../access';
import { QueryDto } from '../../../platform/http';
import { PopulationQuery, WorklistPage } from './population.dto';
import { PopulationService } from './population.service';

/** The worklist of a doctor. */
@ApiTags('glucose')
@Controller('doctors')
export class PopulationController {
  constructor(private readonly population: PopulationService) {}

  @Get(':id/population')
  @Endpoint('GET', {
    summary: "The doctor's patients by how much they need attention",
    roles: ['MEDECIN'],
    space: { param: 'id', self: ['MEDECIN'] },
    response: WorklistPage,
  })
  list(@CurrentActor() actor: Actor, @QueryDto() query: PopulationQuery) {
    return this.population.list(actor, query);
  }
}
