import { currentContext } from '../../context/request-context';

type Handler = (...args: unknown[]) => Promise<unknown>;

/**
 * Makes a handler honour `Idempotency-Key`. It wraps the method rather than being an interceptor because the claim must
 * come after validation (a bad body is 400, whatever the key) and before the first check of state.
 */
export function Idempotent(): MethodDecorator {
  return <T>(_target: object, _key: string | symbol, descriptor: TypedPropertyDescriptor<T>) => {
    const original = descriptor.value as Handler;
    const wrapped: Handler = async function (this: unknown, ...args) {
      const context = currentContext();
      const call = (): Promise<unknown> => original.apply(this, args);
      return context?.idempotencyRunner && context.idempotencyKey !== null
        ? context.idempotencyRunner.run(context, call)
        : call();
    };
    for (const key of Reflect.getMetadataKeys(original) as unknown[]) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, original), wrapped);
    }
    Object.defineProperty(wrapped, 'name', { value: original.name });
    descriptor.value = wrapped as T;
  };
}
