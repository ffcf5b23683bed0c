export { NoteBody } from './dto/note.dto';
export { ProfessionalNotes } from './professional-notes.service';
export { UserRatingsModule } from './user-ratings.module';
