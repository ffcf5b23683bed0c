import { roundHalfAway } from '../../common/numbers';
import type { ReadingResponse } from './dto/reading.dto';
import type { Glucose } from './glucose.schema';

/** A reading as the API shows it (contract 30 section 2.2). */
export function toReading(record: Glucose): ReadingResponse {
  return {
    _id: record._id.toHexString(),
    patientId: record.patientId.toHexString(),
    value: record.value,
    unit: record.unit,
    valueMgdl: roundHalfAway(record.valueMgdl, 1),
    measuredAt: record.measuredAt,
    ...(record.period === undefined ? {} : { period: record.period }),
    ...(record.note === undefined ? {} : { note: record.note }),
    source: record.source,
    ...(record.intervalMinutes === undefined ? {} : { intervalMinutes: record.intervalMinutes }),
    ...(record.deviceId === undefined ? {} : { deviceId: record.deviceId }),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}
