import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { FLUTTER_RESPONSES } from './flutter-profile';

/** The parts of the framework's request that name its route. */
interface RoutedRequest {
  readonly method: string;
  readonly routeOptions: { readonly url?: string };
}

/** Reshapes the success bodies of the profile's rows on their way out; errors never pass here. */
@Injectable()
export class FlutterProfileInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, routeOptions } = context.switchToHttp().getRequest<RoutedRequest>();
    const reshape = FLUTTER_RESPONSES.get(`${method} ${routeOptions.url ?? ''}`);
    if (reshape === undefined) return next.handle();
    return next.handle().pipe(map((body: Record<string, unknown>) => reshape(body)));
  }
}
