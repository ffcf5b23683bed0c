/**
 * The complete role matrix: each route with what the people of its columns get when they ask with the ids of somebody
 * else's real things (and an empty body). A route without a row fails the tests; rows are walked from top to bottom, so
 * reads stand before writes and deletions last. Nobody signed in is named 401 here: the anonymous, the signed out, the
 * suspended and the erased get it on each guarded route, and on public ones what the others get.
 *
 * `:id=reading` asks for the id that `owned.ts` made under that name; other parameters go by their own name.
 * Letters behind a status say whose words the answer may hold: i identity, f medical profile, s what the two parties
 * share, c clinical, m medicines. `-` is not asked: it would end the caller, who is needed for the next row, or erase the
 * owner, which is a test of its own.
 *
 * Columns: patient, doctor, pharmacist and ADMIN as strangers; the owner's doctor with access off; with the link ended.
 */
const TABLE = `
GET /users                                                         403    403    403    200i   403    403
GET /users?search=Geheimrat                                        403    403    403    200i   403    403
GET /users/stats                                                   403    403    403    200    403    403
GET /users/me/export                                               200    200    200    200    200is  200is
GET /users/:id=patient                                             403    403    403    200if  403    403
GET /audit-events                                                  403    403    403    200i   403    403
GET /patients/:id=patient/access-log                               403    403    403    200    403    403
GET /auth/profile                                                  200    200    200    200    200    200
GET /sessions/active                                               200    200    200    200    200    200
GET /sessions/count                                                200    200    200    200    200    200
GET /notifications                                                 200    200    200    200    200ic  200ic
GET /notifications/my-notifications                                200    200    200    200    200ic  200ic
GET /notifications/unread-count                                    200    200    200    200    200    200
GET /notifications/preferences                                     200    200    200    200    200    200
GET /medecins                                                      200    200    200    200    200    200
GET /medecins/patient/:patientId/my-doctors                        403    403    403    403    403    403
GET /medecins/:id=doctor                                           200    200    200    200    200    200
GET /medecins/:id=doctor/my-patients                               403    403    403    403    200i   200
GET /medecins/:id=doctor/status                                    403    403    403    403    200    200
GET /patients                                                      403    200    200    200i   200    200
GET /patients?search=Geheimrat                                     403    200    200    200i   200    200
GET /patients/by-type/:typeDiabete                                 403    200    403    200i   200    200
GET /patients/search/by-name-or-email?query=Geheimrat              403    200    200    200i   200    200
GET /patients/:id=patient                                          403    404    404    200if  403    404
GET /patients/:patientId/my-requests                               403    403    403    403    403    403
GET /doctors/:doctorId/patient-requests                            403    403    403    403    200    200
GET /patients/:patientId/pending-doctor-access-requests            403    403    403    403    403    403
GET /patients/:patientId/doctors/:doctorId/access-status           403    403    403    403    403    403
GET /doctors/:doctorId/patients/:patientId/access-status           403    403    403    403    200    200
GET /appointments/calendar.ics?token=x                             404    404    404    404    404    404
GET /doctors/:doctorId/appointments                                403    403    403    403    200is  200is
GET /appointments/doctor/:doctorId                                 403    403    403    403    200is  200is
GET /appointments/doctors/:doctorId                                403    403    403    403    200is  200is
GET /appointments/doctor/:doctorId/upcoming                        403    403    403    403    200is  200
GET /appointments/doctor/:doctorId/stats                           403    403    403    403    200    200
GET /patients/:patientId/appointments                              403    403    403    403    403    403
GET /appointments/patient/:patientId                               403    403    403    403    403    403
GET /appointments/patients/:patientId                              403    403    403    403    403    403
GET /appointments/:id=appointment                                  404    404    403    403    200is  200is
GET /doctors/:doctorId/availability                                200    200    200    200    200    200
GET /doctors/:doctorId/slots?from=:tomorrow&to=:nextDay            200    200    200    200    200    200
GET /nutrition/meals                                               200    403    403    403    403    403
GET /nutrition/meals/:id=mealId                                    404    403    403    403    403    403
GET /nutrition/meals/:mealId/foods                                 404    403    403    403    403    403
GET /nutrition/stats/daily-carbs?date=:yesterday                   200    403    403    403    403    403
GET /nutrition/stats/weekly-macros                                 200    403    403    403    403    403
GET /nutrition/stats/meals/spike                                   200    403    403    403    403    403
GET /nutrition/stats/targets                                       200    403    403    403    403    403
GET /patients/:patientId/conversations                             403    403    403    403    403    403
GET /doctors/:doctorId/conversations                               403    403    403    403    200is  200is
GET /pharmacists/:pharmacistId/conversations                       403    403    403    403    403    403
GET /conversations/:conversationId/messages                        404    404    404    403    200is  200is
GET /glucose/stats/weekly                                          200    403    403    403    403    403
GET /glucose/stats/monthly                                         200    403    403    403    403    403
GET /glucose/stats/daily-average                                   200    403    403    403    403    403
GET /glucose/stats/alerts                                          200    403    403    403    403    403
GET /glucose/stats/hba1c                                           200    403    403    403    403    403
GET /glucose/stats/time-in-range                                   200    403    403    403    403    403
GET /glucose/stats/chart                                           200    403    403    403    403    403
GET /glucose/stats/trend                                           200    403    403    403    403    403
GET /glucose/analytics/:report                                     200    403    403    403    403    403
GET /patients/:patientId/glucose/analytics/:report                 403    403    403    403    403    403
GET /patients/:id=patient/reports/agp.pdf                          403    403    403    403    403    403
GET /patients/:id=patient/reports/agp.svg                          403    403    403    403    403    403
GET /doctors/:id=doctor/population                                 403    403    403    403    200    200
GET /glucose/my-records                                            200    403    403    403    403    403
GET /glucose?start=:yesterday&end=:tomorrow                        200    403    403    403    403    403
GET /glucose/patient/:patientId/records                            403    403    403    403    403    403
GET /glucose/:id=reading                                           404    403    403    403    403    403
GET /glucose/alerts                                                200    403    403    403    403    403
GET /glucose/alert-settings                                        200    403    403    403    403    403
GET /patients/:id=patient/glucose/alerts                           403    403    403    403    403    403
GET /patients/:id=patient/glucose/alert-settings                   403    403    403    403    403    403
GET /activity/pharmacy/:id=pharmacy                                403    403    403    403    403    403
GET /activity/pharmacy/:id=pharmacy/feed                           403    403    403    403    403    403
GET /boost/pharmacy/:id=pharmacy                                   403    403    403    403    403    403
GET /boost/pharmacy/:id=pharmacy/active                            403    403    403    403    403    403
GET /pharmaciens/points/badges                                     200    200    200    200    200    200
GET /pharmaciens/:id=pharmacy/stats                                403    403    403    403    403    403
GET /pharmaciens/:id=pharmacy/stats/monthly                        403    403    403    403    403    403
GET /pharmaciens/:id=pharmacy/dashboard                            403    403    403    403    403    403
GET /pharmaciens/:id=pharmacy/points/stats                         403    403    403    403    403    403
GET /pharmaciens/:id=pharmacy/points/ranking                       403    403    403    403    403    403
GET /pharmaciens/:id=pharmacy/points/history/today                 403    403    403    403    403    403
GET /pharmaciens/nearby?lat=48.85&lng=2.35                         200    200    200    200    200    200
GET /pharmaciens                                                   200    200    200    200    200    200
GET /pharmaciens/search/medicament?medicament=insuline             200    200    200    200    200    200
GET /pharmaciens/:id=pharmacy                                      200    200    200    200    200    200
GET /medication-request/patient/my                                 200    403    403    403    403    403
GET /medication-request/pharmacy/:pharmacyId/pending               403    403    403    403    403    403
GET /medication-request/pharmacy/:pharmacyId/history               403    403    403    403    403    403
GET /medication-request/:id=medication                             404    403    404    403    403    403
GET /review/pharmacy/:pharmacyId                                   200    200    200    200    200    200
GET /review/pharmacy/:pharmacyId/summary                           200    200    200    200    200    200
GET /ratings/pharmacy/:id=pharmacy                                 200    200    200    200    200    200
GET /ratings/pharmacy/:id=pharmacy/stats                           200    200    200    200    200    200
GET /ratings/medication-request/:id=medication                     404    403    404    403    403    403
POST /auth/register/patient                                        400    400    400    400    400    400
POST /auth/register/medecin                                        400    400    400    400    400    400
POST /auth/register/pharmacien                                     400    400    400    400    400    400
POST /auth/login                                                   400    400    400    400    400    400
POST /auth/google/mobile                                           400    400    400    400    400    400
POST /auth/forgot-password                                         400    400    400    400    400    400
POST /auth/reset-password                                          400    400    400    400    400    400
POST /auth/refresh                                                 400    400    400    400    400    400
POST /auth/logout                                                  -      -      -      -      -      -
POST /auth/change-password                                         -      -      -      -      -      -
POST /notifications/register-token                                 400    400    400    400    400    400
POST /patients                                                     403    400    403    403    400    400
POST /patients/:patientId/request-doctor                           403    403    403    403    403    403
POST /doctors/:doctorId/patient-requests/:requestId/accept         403    403    403    403    409    409
POST /doctors/:doctorId/patient-requests/:requestId/decline        403    403    403    403    409    409
POST /doctors/:doctorId/patients/:patientId/request-access         403    403    403    403    201    201
POST /patients/:patientId/doctor-access-requests/:requestId/accept 403    403    403    403    403    403
POST /patients/:patientId/doctor-access-requests/:requestId/decline 403    403    403    403    403    403
POST /medecins/:id=doctor/patients/:patientId                      403    403    403    403    201    201
POST /appointments/calendar-token                                  201    201    403    403    201    201
POST /appointments                                                 400    400    403    403    400    400
POST /appointments/:id=appointment/patient-confirm                 404    403    403    403    403    403
POST /nutrition/meals                                              400    403    403    403    403    403
POST /nutrition/meals/:mealId/foods                                400    403    403    403    403    403
POST /conversations                                                400    400    400    403    400    400
POST /conversations/:conversationId/messages                       400    400    400    403    400    400
POST /glucose                                                      400    403    403    403    403    403
POST /glucose/bulk                                                 400    403    403    403    403    403
POST /glucose/alerts/:id=alert/acknowledge                         404    403    403    403    403    403
POST /glucose/alerts/:id=alert/snooze                              404    403    403    403    403    403
POST /patients/:id=patient/glucose/alerts/:alertId/acknowledge     403    403    403    403    403    403
POST /boost                                                        403    403    400    403    403    403
POST /pharmaciens/:id=pharmacy/medicaments                         403    403    403    403    403    403
POST /medication-request                                           400    403    403    403    403    403
POST /medication-request/patient                                   400    403    403    403    403    403
POST /review                                                       400    403    403    403    403    403
POST /ratings                                                      400    403    403    403    403    403
PUT /notifications/preferences                                     200    200    200    200    200    200
PUT /doctors/:doctorId/availability                                403    403    403    403    400    400
PUT /glucose/alert-settings                                        200    403    403    403    403    403
PUT /patients/:id=patient/glucose/alert-settings                   403    403    403    403    403    403
PUT /boost/:id=boost/cancel                                        403    403    404    403    403    403
PUT /pharmaciens/:id=pharmacy/working-hours                        403    403    403    403    403    403
PUT /pharmaciens/:id=pharmacy/duty                                 403    403    403    403    403    403
PUT /pharmaciens/:id=pharmacy/status                               403    403    403    403    403    403
PUT /pharmaciens/:id=pharmacy/settings                             403    403    403    403    403    403
PUT /medication-request/:id=medication/respond                     403    403    400    403    403    403
PUT /medication-request/:id=medication/confirm                     400    403    403    403    403    403
PUT /medication-request/:id=medication/pickup                      403    403    404    403    403    403
PUT /medication-request/:id=medication/cancel                      404    403    403    403    403    403
PATCH /users/:id=patient                                           403    403    403    200if  403    403
PATCH /notifications/read-all                                      200    200    200    200    200    200
PATCH /notifications/:notificationId/read                          404    404    404    404    200    200
PATCH /medecins/:id=doctor                                         403    403    403    403    200    200
PATCH /medecins/:id=doctor/note                                    400    403    403    403    403    403
PATCH /medecins/:id=doctor/toggle-status                           403    403    403    403    200    200
PATCH /patients/:id=patient                                        403    404    403    403    403    404
PATCH /patients/:patientId/doctors/:doctorId/access                403    403    403    403    403    403
PATCH /appointments/:id=appointment                                404    404    403    403    200is  200is
PATCH /nutrition/meals/:id=mealId                                  404    403    403    403    403    403
PATCH /nutrition/meals/:mealId/foods/:id=food                      404    403    403    403    403    403
PATCH /conversations/:id=conversation/read/:userId                 403    403    403    403    403    403
PATCH /glucose/:id=reading                                         404    403    403    403    403    403
PATCH /pharmaciens/:id=pharmacy                                    403    403    403    403    403    403
PATCH /pharmaciens/:id=pharmacy/note                               400    403    403    403    403    403
DELETE /users/me                                                   -      -      -      -      -      -
DELETE /users/:id=patient                                          -      -      -      -      -      -
DELETE /sessions/current                                           -      -      -      -      -      -
DELETE /sessions/all                                               -      -      -      -      -      -
DELETE /sessions/:sessionId                                        404    404    404    404    404    404
DELETE /notifications/remove-token                                 400    400    400    400    400    400
DELETE /medecins/:id=doctor                                        -      -      -      -      -      -
DELETE /patients/:id=patient                                       -      -      -      -      -      -
DELETE /medecins/:id=doctor/patients/:patientId                    403    403    403    403    200    404
DELETE /appointments/calendar-token                                200    200    403    403    200    200
DELETE /appointments/:id=appointment                               404    404    403    403    409    409
DELETE /nutrition/meals/:id=mealId                                 404    403    403    403    403    403
DELETE /nutrition/meals/:mealId/foods/:id=food                     404    403    403    403    403    403
DELETE /glucose/:id=reading                                        404    403    403    403    403    403
DELETE /pharmaciens/:id=pharmacy                                   -      -      -      -      -      -
DELETE /pharmaciens/:id=pharmacy/medicaments/:medicament           403    403    403    403    403    403
DELETE /review/:id=review                                          -      -      -      -      -      -
`;

/** The columns of the table. */
export const COLUMNS = ['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN', 'access off', 'link ended'] as const;
export type Column = (typeof COLUMNS)[number];

/** One route and what each column gets. */
export interface Row {
  readonly method: string;
  /** As the route declares it. */
  readonly path: string;
  /** With the names of ids, `:reading`, and a query where one is needed to find anything. */
  readonly idPath: string;
  readonly cells: Readonly<Record<Column, { readonly status: number; readonly words: string } | null>>;
}

function cellOf(text: string): { status: number; words: string } | null {
  const [, status, words = ''] = /^(\d{3})([a-z]*)$/.exec(text) ?? [];
  if (status !== undefined) return { status: Number(status), words };
  if (text !== '-') throw new Error(`No cell of the matrix: ${text}`);
  return null;
}

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [method = '', path = '', ...cells] = line.split(/ +/);
    return {
      method,
      path: (path.split('?')[0] ?? '').replace(/=\w+/g, ''),
      idPath: path.replace(/:\w+=(\w+)/g, ':$1'),
      // one cell for each column, in their order
      cells: Object.fromEntries(COLUMNS.map((column, index) => [column, cellOf(cells[index] ?? '')])) as Row['cells'],
    };
  });
