import { Controller, Get, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { BodyDto } from '../../platform/http';
import { BoostsService } from './boosts.service';
import { BoostResponse, CreateBoost, CreatedBoostResponse } from './dto/boost.dto';

const OWN = { param: 'id', self: ['PHARMACIEN'] } as const;

/** Boosts of pharmacies. */
@ApiTags('boosts')
@Controller('boost')
export class BoostsController {
  constructor(private readonly boosts: BoostsService) {}

  @Post()
  @Endpoint('POST', {
    summary: 'Activates a boost',
    roles: ['PHARMACIEN'],
    response: CreatedBoostResponse,
    errors: ['IDENTITY_MISMATCH', 'BOOST_OVERLAP'],
  })
  create(@CurrentActor() actor: Actor, @BodyDto() body: CreateBoost) {
    return this.boosts.create(actor, body);
  }

  @Get('pharmacy/:id')
  @Endpoint('GET', {
    summary: "The pharmacy's boosts, newest first, at most 100",
    roles: ['PHARMACIEN'],
    space: OWN,
    response: [BoostResponse],
  })
  list(@CurrentActor() actor: Actor) {
    return this.boosts.list(actor);
  }

  @Get('pharmacy/:id/active')
  @Endpoint('GET', {
    summary: 'The boost that runs now',
    roles: ['PHARMACIEN'],
    space: OWN,
    response: BoostResponse,
    errors: ['NO_ACTIVE_BOOST'],
  })
  active(@CurrentActor() actor: Actor) {
    return this.boosts.active(actor);
  }

  @Put(':id/cancel')
  @Endpoint('PUT', {
    summary: 'Cancels a boost',
    roles: ['PHARMACIEN'],
    response: BoostResponse,
    errors: ['INVALID_ID', 'NOT_FOUND', 'ILLEGAL_TRANSITION'],
  })
  cancel(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.boosts.cancel(actor, id);
  }
}
