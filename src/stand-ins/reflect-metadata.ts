/**
 * Stands in for the package of the same name. tsyringe does not load without `getMetadata`, and asks it about the
 * parameters of decorated classes only: here everything is made by factories.
 */
Object.assign(Reflect, { getMetadata: () => undefined });
