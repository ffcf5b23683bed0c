import { Module } from '@nestjs/common';
import { UsersModule } from '../users';
import { AuditController } from './audit.controller';
import { AuditService } from './audit.service';
import { AccessLogExport } from './access-log.export';

/** The audit log, shown. */
@Module({
  imports: [UsersModule],
  controllers: [AuditController],
  providers: [AccessLogExport, AuditService],
  exports: [AuditService],
})
export class AuditModule {}
