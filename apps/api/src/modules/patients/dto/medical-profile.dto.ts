import { Bool, CalendarDate, Num, PatchBody, Str, StrList } from '../../../common/validation';

/** A measure whose range excludes 0: apps send 0 for "not recorded". */
const Measure = (min: number, max: number, description: string): PropertyDecorator =>
  Num({ optional: true, min, max, description, zeroIsNone: true });

const Text = (max: number): PropertyDecorator => Str({ optional: true, max });
const Flag = (): PropertyDecorator => Bool({ optional: true });
const Names = (): PropertyDecorator => StrList({ optional: true, max: 50, itemMax: 150 });

/** `profilMedical` as it is sent: merged into what is stored, null clears a field (contract 20 section 3.2). */
@PatchBody()
export class MedicalProfileInput {
  @Measure(30, 250, 'cm')
  taille?: number | null;

  @Measure(0.5, 500, 'kg')
  poids?: number | null;

  @Text(200)
  contactUrgence?: string | null;

  @CalendarDate({ optional: true, notInFuture: true })
  dateDiagnostic?: Date | null;

  @Measure(3, 20, '% (NGSP)')
  dernierHba1c?: number | null;

  @Measure(20, 600, 'mg/dL')
  glycemieAJeunMoyenne?: number | null;

  @Measure(50, 150, 'mg/dL; below objectifGlycemieMax')
  objectifGlycemieMin?: number | null;

  @Measure(100, 350, 'mg/dL')
  objectifGlycemieMax?: number | null;

  @Text(100)
  frequenceMesureGlycemie?: string | null;

  @Flag()
  prendInsuline?: boolean | null;

  @Flag()
  utiliseCapteurGlucose?: boolean | null;

  @Flag()
  profilMedicalComplete?: boolean | null;

  @Text(100)
  typeInsuline?: string | null;

  @Num({ optional: true, min: 0, max: 500, description: 'UI per day' })
  doseQuotidienneInsuline?: number | null;

  @Num({ optional: true, min: 0, max: 24, description: 'Per day' })
  frequenceInjection?: number | null;

  @Names()
  antidiabetiquesOraux?: string[] | null;

  @Names()
  traitements?: string[] | null;

  @Names()
  allergies?: string[] | null;

  @Names()
  maladiesChroniques?: string[] | null;

  @Text(1_000)
  traitementActuel?: string | null;

  @Flag()
  antecedentsFamiliauxDiabete?: boolean | null;

  @Flag()
  hypertension?: boolean | null;

  @Flag()
  maladiesCardiovasculaires?: boolean | null;

  @Flag()
  problemesRenaux?: boolean | null;

  @Flag()
  problemesOculaires?: boolean | null;

  @Flag()
  neuropathieDiabetique?: boolean | null;

  @Flag()
  piedDiabetique?: boolean | null;

  @Flag()
  ulceres?: boolean | null;

  @Flag()
  hypoglycemiesFrequentes?: boolean | null;

  @Flag()
  hyperglycemiesFrequentes?: boolean | null;

  @Flag()
  hospitalisationsRecentes?: boolean | null;

  @Measure(0.2, 15, 'g/L')
  cholesterolTotal?: number | null;

  @Measure(0.05, 5, 'g/L')
  hdl?: number | null;

  @Measure(0.05, 12, 'g/L')
  ldl?: number | null;

  @Measure(0.1, 100, 'g/L')
  triglycerides?: number | null;

  @Measure(1, 300, 'mg/L')
  creatinine?: number | null;

  @Num({ optional: true, min: 0, max: 5_000, description: 'mg/L' })
  microAlbuminurie?: number | null;

  @Text(100)
  niveauActivitePhysique?: string | null;

  @Text(100)
  tabac?: string | null;

  @Text(300)
  habitudesAlimentaires?: string | null;
}
