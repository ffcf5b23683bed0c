/** The pharmacy routes among the cases. */
export function pharmacyCases(day) {
  const own = (path, query = '') => [
    `/api/${path.replace(':id', '{id}')}`,
    'pharmacy',
    (o) => `/${path.replace(':id', o.pharmacy.id)}${query}`,
  ];
  return [
    [...own('activity/pharmacy/:id'), ['', '?page=2']],
    own('activity/pharmacy/:id/feed'),
    own('boost/pharmacy/:id'),
    own('boost/pharmacy/:id/active'),
    ['/api/pharmaciens/points/badges', 'pharmacy', () => '/pharmaciens/points/badges'],
    own('pharmaciens/:id/stats'),
    own('pharmaciens/:id/stats/monthly'),
    own('pharmaciens/:id/dashboard'),
    own('pharmaciens/:id/points/stats'),
    own('pharmaciens/:id/points/ranking'),
    own('pharmaciens/:id/points/history/today'),
    ['/api/pharmaciens/nearby', 'patient', () => '/pharmaciens/nearby?lat=46&lng=2&radius=30'],
    ['/api/pharmaciens', 'patient', () => '/pharmaciens', ['', '?page=2', '?nomPharmacie=pharmacie']],
    [
      '/api/pharmaciens/search/medicament',
      'patient',
      () => `/pharmaciens/search/medicament?medicament=${encodeURIComponent('medicament 17')}`,
    ],
    ['/api/pharmaciens/{id}', 'patient', (o) => `/pharmaciens/${o.pharmacy.id}`],
    ['/api/medication-request/patient/my', 'patient', () => '/medication-request/patient/my'],
    [
      '/api/medication-request/pharmacy/{pharmacyId}/pending',
      'pharmacy',
      (o) => `/medication-request/pharmacy/${o.pharmacy.id}/pending`,
    ],
    [
      '/api/medication-request/pharmacy/{pharmacyId}/history',
      'pharmacy',
      (o) => `/medication-request/pharmacy/${o.pharmacy.id}/history`,
      ['', '?page=2', '?status=accepted', '?medicationName=metf', `?startDate=${day(-6)}&endDate=${day(-2)}`],
    ],
    ['/api/medication-request/{id}', 'patient', (o) => `/medication-request/${o.requestId}`],
    [
      '/api/review/pharmacy/{pharmacyId}',
      'patient',
      (o) => `/review/pharmacy/${o.pharmacy.id}`,
      ['', '?page=2', '?rating=5'],
    ],
    ['/api/review/pharmacy/{pharmacyId}/summary', 'patient', (o) => `/review/pharmacy/${o.pharmacy.id}/summary`],
    ['/api/ratings/pharmacy/{id}', 'patient', (o) => `/ratings/pharmacy/${o.pharmacy.id}`],
    ['/api/ratings/pharmacy/{id}/stats', 'patient', (o) => `/ratings/pharmacy/${o.pharmacy.id}/stats`],
    ['/api/ratings/medication-request/{id}', 'patient', (o) => `/ratings/medication-request/${o.requestId}`],
  ];
}
