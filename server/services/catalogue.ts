/** The catalogue that comes with the product: what a database begins with. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ADMINISTRATIONS, type Service } from '../../models/serviceCatalogues.js';
import { textsSchema } from '../../surveys/schema.js';

const serviceSchema = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'must be a level such as thcs or a TTHC code such as 2.002854'),
  kind: z.enum(['education', 'procedure']),
  name: textsSchema,
  field: textsSchema.optional(),
  administration: z.enum(ADMINISTRATIONS).optional(),
});

/** Services by code, in the catalogue's order. */
export type ServiceCatalogue = ReadonlyMap<string, Service>;

/**
 * Reads a catalogue file.
 * @throws {Error} naming file, service and reason of the first mistake
 */
export function readServices(file: string): Map<string, Service> {
  const result = z.array(serviceSchema).safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Error(`${path.basename(file)}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const services = new Map(result.data.map((service) => [service.code, service]));
  if (services.size < result.data.length)
    throw new Error(`${path.basename(file)}: a service code is used twice`);
  return services;
}
