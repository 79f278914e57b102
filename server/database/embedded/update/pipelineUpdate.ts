/** Updates by pipeline: the few stages that MongoDB allows there, on one document. */
import { plainEvaluator } from '../aggregation/expressions.js';
import { chunkStage } from '../aggregation/stages.js';
import { compare } from '../query/keys.js';
import { type Doc, isDoc, toPlain } from '../values.js';

/** Runs pipeline updates with the given variables; what a stage leaves alone keeps its BSON type. */
export function runPipeline(variables: Doc): (stages: Doc[], doc: Doc) => Doc {
  return (stages, doc) => {
    let docs = [toPlain(doc) as Doc];
    for (const stage of stages) {
      for (const [name, spec] of Object.entries(stage)) {
        docs = chunkStage(name, spec, plainEvaluator(variables))?.(docs) ?? docs;
      }
    }
    return keepTypes(docs[0], doc) as Doc;
  };
}

/** The result with every value that equals the original's in the same place replaced by the original. */
function keepTypes(made: unknown, original: unknown): unknown {
  if (isDoc(made) && isDoc(original)) {
    return Object.fromEntries(
      Object.entries(made).map(([key, value]) => [
        key,
        key in original ? keepTypes(value, original[key]) : value,
      ]),
    );
  }
  if (Array.isArray(made) && Array.isArray(original))
    return made.map((item, at) => keepTypes(item, original[at]));
  return original !== undefined && compare(made, original) === 0 ? original : made;
}
