/** findAndModify: one document found, changed or removed, and answered, all in one commit. */
import { evaluator } from '../aggregation/expressions.js';
import { CommandError } from '../errors.js';
import { compileProjection } from '../query/projection.js';
import { checked } from '../query/reading.js';
import { compileUpdate } from '../update/compile.js';
import { runPipeline } from '../update/pipelineUpdate.js';
import { type Doc, isTruthy } from '../values.js';
import { type Call, type Command, collectionName, docField, variablesOf } from './call.js';
import { findOne, removeNow, replace, upsertNow } from './documents.js';
import { hintOf, sortOf } from './find.js';

function findAndModify(call: Call): Promise<Doc> {
  const { command, engine } = call;
  const name = collectionName(call);
  const removing = isTruthy(command.remove);
  const upsert = isTruthy(command.upsert);
  const wantNew = isTruthy(command.new);
  if (removing && command.update !== undefined)
    throw new CommandError(9, "Cannot specify both an 'update' and 'remove'=true");
  if (!removing && command.update === undefined)
    throw new CommandError(9, 'Either an update or remove=true must be specified');
  if (removing && upsert) throw new CommandError(9, 'Cannot specify both upsert=true and remove=true');
  if (removing && wantNew)
    throw new CommandError(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  const filter = docField(call, 'query');
  const evaluate = evaluator(variablesOf(call));
  const query = checked({
    filter,
    sort: sortOf(docField(call, 'sort')),
    skip: 0,
    limit: 1,
    hint: hintOf(command.hint),
    evaluate,
  });
  const fields = docField(call, command.fields === undefined ? 'projection' : 'fields');
  const project =
    Object.keys(fields).length > 0 ? compileProjection(fields, filter, evaluate) : (doc: Doc) => doc;
  const request = {
    filter,
    update: command.update,
    arrayFilters: command.arrayFilters,
    evaluate,
    runPipeline: runPipeline(variablesOf(call)),
  };
  const update = removing ? undefined : compileUpdate(request);
  return engine.sessions.once(call, () => {
    const found = findOne(call, name, query);
    if (!update) {
      if (found) removeNow(call, name, found);
      return { lastErrorObject: { n: found ? 1 : 0 }, value: found ? project(found) : null };
    }
    if (found) {
      const next = replace(call, name, found, update) ?? found;
      return { lastErrorObject: { n: 1, updatedExisting: true }, value: project(wantNew ? next : found) };
    }
    if (!upsert) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
    const made = upsertNow(call, name, update);
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: made._id },
      value: wantNew ? project(made) : null,
    };
  });
}

const FIELDS = [
  'query',
  'sort',
  'remove',
  'update',
  'new',
  'fields',
  'projection',
  'upsert',
  'bypassDocumentValidation',
  'collation',
  'arrayFilters',
  'hint',
  'let',
];

export const FIND_AND_MODIFY: Record<string, Command> = {
  findAndModify: { fields: FIELDS, run: findAndModify },
  findandmodify: { fields: FIELDS, run: findAndModify },
};
