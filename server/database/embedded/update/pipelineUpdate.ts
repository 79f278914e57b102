/** Updates by pipeline: the few stages that MongoDB allows there, on one document. */
import { evaluator } from '../aggregation/expressions.js';
import { chunkStage } from '../aggregation/stages.js';
import type { Doc } from '../values.js';

/** Runs pipeline updates with the given variables. */
export function runPipeline(variables: Doc): (stages: Doc[], doc: Doc) => Doc {
  return (stages, doc) => {
    let docs = [doc];
    for (const stage of stages) {
      for (const [name, spec] of Object.entries(stage)) {
        docs = chunkStage(name, spec, evaluator(variables))?.(docs) ?? docs;
      }
    }
    return docs[0] ?? doc;
  };
}
