/**
 * What a questionnaire file may contain. One definition serves the check at start, the types in the code
 * and the JSON Schema (survey.schema.json) that editors use.
 */
import { z } from 'zod';

const slug = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
  .max(40);

/** A text in every language of the file. Vietnamese and English are complete; others may be partial. */
export const textsSchema = z
  .object({ vi: z.string().trim().min(1), en: z.string().trim().min(1) })
  .catchall(z.string().trim().min(1));

const itemCode = z
  .string()
  .regex(/^[A-Z][0-9]{1,2}$/, 'must be a capital letter and one or two digits, such as B07');

const conditionSchema = z
  .strictObject({
    item: itemCode.describe('Code of an earlier item'),
    in: z
      .array(z.string().min(1))
      .min(1)
      .describe('The item is asked when the earlier answer is one of these'),
  })
  .describe('The item is shown and counted only when this holds');

const itemBase = {
  code: itemCode.describe('Stable code: never changes meaning between versions'),
  text: textsSchema,
  hint: textsSchema.optional(),
  required: z.boolean(),
  showIf: conditionSchema.optional(),
};

const optionsSchema = z
  .array(z.strictObject({ code: slug, text: textsSchema }))
  .min(2)
  .max(20);

const itemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...itemBase,
    kind: z.literal('likert').describe('Five levels, 1 rất không hài lòng … 5 rất hài lòng'),
    noOpinion: z.boolean().default(true).describe('Offer "Không có ý kiến" beside the five levels'),
  }),
  z.strictObject({ ...itemBase, kind: z.literal('single'), options: optionsSchema }),
  z.strictObject({ ...itemBase, kind: z.literal('multiple'), options: optionsSchema }),
  z.strictObject({
    ...itemBase,
    kind: z.literal('percentage').describe('A whole percentage from 0 to 100'),
    step: z.number().int().min(1).max(50).default(10).describe('Distance between the percentages offered'),
  }),
  z.strictObject({
    ...itemBase,
    kind: z.literal('text'),
    maxLength: z.number().int().min(1).max(5000).describe('Most characters taken'),
  }),
]);

const sectionSchema = z.strictObject({
  code: z.string().regex(/^[A-Z]$/, 'must be one capital letter'),
  role: z
    .enum(['factor', 'facts', 'overall', 'respondent', 'comment'])
    .describe(
      'factor: Likert items reported together; facts: what happened; overall: expectation met and overall satisfaction; respondent: attributes that identify nobody; comment: open proposals',
    ),
  title: textsSchema,
  items: z.array(itemSchema).min(1),
});

const surveyShape = z.strictObject({
  $schema: z.string().optional(),
  id: slug,
  version: z.number().int().min(1),
  subject: z.enum(['education', 'procedure']),
  respondent: z.enum(['parent', 'student', 'learner', 'citizen']),
  services: z
    .array(slug)
    .describe(
      'Education services (levels) this survey rates; empty for procedures, which come from the catalogue',
    ),
  title: textsSchema,
  audience: textsSchema.describe('Who answers, as the first page asks it: "Cha mẹ học sinh THCS"'),
  introduction: textsSchema,
  minutes: z.number().int().min(1).max(30).describe('How long answering takes'),
  sections: z.array(sectionSchema).min(3),
});

export const surveySchema = surveyShape.superRefine((survey, context) => {
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const valuesByItem = new Map<string, ReadonlySet<string>>();
  const sectionCodes = new Set<string>();
  survey.sections.forEach((section, s) => {
    if (sectionCodes.has(section.code))
      refuse(['sections', s, 'code'], `section code ${section.code} is used twice`);
    sectionCodes.add(section.code);
    section.items.forEach((item, i) => {
      const path = ['sections', s, 'items', i];
      if (!item.code.startsWith(section.code))
        refuse([...path, 'code'], `must begin with the letter of its section, ${section.code}`);
      if (valuesByItem.has(item.code)) refuse([...path, 'code'], `item code ${item.code} is used twice`);
      if ('options' in item && new Set(item.options.map((o) => o.code)).size < item.options.length)
        refuse([...path, 'options'], 'an option code is used twice');
      if (item.kind === 'percentage' && 100 % item.step !== 0)
        refuse([...path, 'step'], 'must divide 100 without remainder');
      if (item.showIf) {
        const earlier = valuesByItem.get(item.showIf.item);
        if (!earlier) refuse([...path, 'showIf', 'item'], `no earlier item ${item.showIf.item}`);
        else
          for (const value of item.showIf.in)
            if (!earlier.has(value))
              refuse([...path, 'showIf', 'in'], `item ${item.showIf.item} has no answer ${value}`);
      }
      valuesByItem.set(item.code, answersOf(item));
    });
    const kinds = section.items.map((item) => item.kind).sort();
    if (section.role === 'factor' && kinds.some((kind) => kind !== 'likert'))
      refuse(['sections', s, 'items'], 'a factor holds Likert items only');
    if (section.role === 'overall' && kinds.join() !== 'likert,percentage')
      refuse(
        ['sections', s, 'items'],
        'must be one Likert item (overall satisfaction) and one percentage (expectation met)',
      );
    if (section.role !== 'factor' && section.role !== 'overall' && kinds.includes('likert'))
      refuse(['sections', s, 'items'], 'Likert items belong to a factor or to the overall section');
  });
  if (!survey.sections.some((section) => section.role === 'factor'))
    refuse(['sections'], 'at least one section must be a factor');
  if (survey.sections.filter((section) => section.role === 'overall').length !== 1)
    refuse(['sections'], 'exactly one section must have the role overall');
  if ((survey.subject === 'education') !== survey.services.length > 0)
    refuse(['services'], 'name the levels of an education survey, none for a procedure survey');
});

/** The answers a condition may name: option codes, or the levels of a Likert item. */
function answersOf(item: Item): ReadonlySet<string> {
  if ('options' in item) return new Set(item.options.map((option) => option.code));
  return new Set(item.kind === 'likert' ? ['1', '2', '3', '4', '5'] : []);
}

/** The JSON Schema of a survey file, for editors; committed as surveys/survey.schema.json. */
export function surveyJsonSchema(): unknown {
  return { ...z.toJSONSchema(surveyShape, { io: 'input' }), title: 'Phiếu khảo sát' };
}

export type Item = z.infer<typeof itemSchema>;
export type Section = z.infer<typeof sectionSchema>;
export type Survey = z.infer<typeof surveySchema>;
export type LikertItem = Extract<Item, { kind: 'likert' }>;
