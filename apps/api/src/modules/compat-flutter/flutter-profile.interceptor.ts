import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, map, type Observable, of, throwError } from 'rxjs';
import { AppError } from '../../common/errors';
import { FLUTTER_ABSENT, FLUTTER_RESPONSES } from './flutter-profile';

/** The parts of the framework's request that name its route. */
interface RoutedRequest {
  readonly method: string;
  readonly routeOptions: { readonly url?: string };
}

/** Reshapes the success bodies of the profile's rows on their way out, and turns one absence into an empty list. */
@Injectable()
export class FlutterProfileInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, routeOptions } = context.switchToHttp().getRequest<RoutedRequest>();
    const route = `${method} ${routeOptions.url ?? ''}`;
    const reshape = FLUTTER_RESPONSES.get(route);
    if (reshape === undefined) return next.handle();
    const absent = FLUTTER_ABSENT.get(route);
    return next.handle().pipe(
      map((body: Record<string, unknown>) => reshape(body)),
      catchError((error: unknown) =>
        error instanceof AppError && error.code === absent ? of([]) : throwError(() => error),
      ),
    );
  }
}
