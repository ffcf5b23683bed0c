import { Num } from '../../../common/validation';

/** Body of PATCH /medecins/:id/note and PATCH /pharmaciens/:id/note. */
export class NoteBody {
  @Num({ min: 0, max: 5, decimals: 1, example: 4.5 })
  note!: number;
}
