import { Injectable } from '@nestjs/common';

/** Whether this process is on its way out: readiness says so from the first moment. */
@Injectable()
export class ShutdownState {
  private begun = false;

  /** True from the first signal on. */
  get shuttingDown(): boolean {
    return this.begun;
  }

  begin(): void {
    this.begun = true;
  }
}
